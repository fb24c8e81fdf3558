// SPDX-License-Identifier: Apache-2.0
#include "base/replaceable.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/draft.h"
#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Replaceable, AreFilesAndWhatIsNotThere) {
  const TemporaryFolder folder;
  EXPECT_TRUE(require_replaceable(folder / "new").ok());
  std::ofstream(folder / "old") << "old";
  EXPECT_TRUE(require_replaceable(folder / "old").ok());
}

TEST(Replaceable, AreNotDevicesPipesAndLinks) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", folder / "link");
  for (const std::string& path : {folder / "pipe", folder / "link", std::string("/dev/full")}) {
    const Result<void> allowed = require_replaceable(path);
    ASSERT_FALSE(allowed.ok()) << path;
    EXPECT_EQ(allowed.error().message,
              path + ": is no regular file and would be replaced by one; name another path");
    EXPECT_FALSE(write_file_atomic(path, "new").ok());
    EXPECT_FALSE(Draft(path).put().ok());
  }
  EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
}

}  // namespace
}  // namespace nelumbo
