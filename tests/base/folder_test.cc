// SPDX-License-Identifier: Apache-2.0
#include "base/folder.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Folder, IsMadeOnceAndOnlyInOneThatIsThere) {
  const TemporaryFolder folder;
  ASSERT_TRUE(make_folder(folder / "a").ok());
  EXPECT_TRUE(make_folder(folder / "a").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a"));
  const auto deeper = make_folder(folder / "none/b");
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().code, Errc::kEnvironment);
  EXPECT_EQ(deeper.error().message,
            folder / "none/b" + ": cannot make this folder: No such file or directory");
  EXPECT_FALSE(std::filesystem::exists(folder / "none"));
}

TEST(Folder, IsNoFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "one";
  EXPECT_EQ(make_folder(folder / "a").error().message,
            folder / "a" + ": cannot make this folder: File exists");
}

}  // namespace
}  // namespace nelumbo
