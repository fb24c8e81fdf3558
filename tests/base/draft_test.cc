// SPDX-License-Identifier: Apache-2.0
#include "base/draft.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

TEST(Draft, IsGoneUnlessItWasPut) {
  const TemporaryFolder folder;
  {
    const Draft file(folder / "a"), directory(folder / "b");
    std::ofstream(file.name()) << "half";
    fs::create_directory(directory.name());
    std::ofstream(directory.name() + "/inside") << "half";
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Draft, TakesThePlaceOfAFileOrAnEmptyFolder) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "old";
  fs::create_directory(folder / "b");
  {
    const Draft file(folder / "a"), directory(folder / "b");
    std::ofstream(file.name()) << "new!";
    fs::create_directory(directory.name());
    std::ofstream(directory.name() + "/inside") << "new!";
    ASSERT_TRUE(file.put().ok());
    ASSERT_TRUE(directory.put().ok());
  }
  EXPECT_EQ(fs::file_size(folder / "a"), 4U);
  EXPECT_EQ(fs::file_size(folder / "b/inside"), 4U);
}

TEST(Draft, NeverReplacesAFolderThatHoldsSomething) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "b");
  std::ofstream(folder / "b/kept") << "old";
  const Draft directory(folder / "b");
  fs::create_directory(directory.name());
  const auto put = directory.put();
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().code, Errc::kEnvironment);
  EXPECT_TRUE(fs::exists(folder / "b/kept"));
}

TEST(Draft, TwoOfOnePlaceDoNotShareAName) {
  const Draft one("x"), other("x");
  EXPECT_NE(one.name(), other.name());
}

}  // namespace
}  // namespace nelumbo
