// SPDX-License-Identifier: Apache-2.0
#include "apps/bearer_token.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

TEST(BearerToken, IsRandom) {
  const auto a = random_digits(32), b = random_digits(32);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a.value().size(), 64U);
  EXPECT_NE(a.value(), b.value());
}

TEST(BearerToken, LiesInAFileForItsOwnerAlone) {
  const TemporaryFolder folder;
  const std::string path = folder / "token";
  std::ofstream(path) << "an old one that everybody could read";
  fs::permissions(path, fs::perms::all);
  ASSERT_TRUE(write_token(path, "secret").ok());
  EXPECT_EQ(read_file(path, 100).value(), "secret\n");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(BearerToken, IsNeverWrittenThroughALink) {
  const TemporaryFolder folder;
  std::ofstream(folder / "elsewhere") << "untouched";
  fs::create_symlink(folder / "elsewhere", folder / "token");
  ASSERT_TRUE(write_token(folder / "token", "secret").ok());
  EXPECT_EQ(read_file(folder / "elsewhere", 100).value(), "untouched");
  EXPECT_FALSE(fs::is_symlink(folder / "token"));
}

TEST(BearerToken, TakesNoPlaceOfAPipe) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const auto written = write_token(folder / "pipe", "secret");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, Errc::kEnvironment);
  EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
}

TEST(BearerToken, SaysWhereItCannotBeWritten) {
  const TemporaryFolder folder;
  const auto written = write_token(folder / "none/token", "secret");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, Errc::kEnvironment);
  EXPECT_NE(written.error().message.find("none/token: the token cannot be written"),
            std::string::npos);
}

TEST(BearerToken, IsBorneWholeOrNotAtAll) {
  EXPECT_TRUE(bears("Bearer secret", "secret"));
  for (const char* header :
       {"", "Bearer ", "Bearer secre", "Bearer secrets", "bearer secret", "Basic secret", "secret"})
    EXPECT_FALSE(bears(header, "secret")) << header;
}

TEST(BearerToken, GoesIntoAFolderOfTheUser) {
  ::setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
  EXPECT_TRUE(default_token_file(8000).starts_with("/run/user/7/nelumbo-"));
  EXPECT_TRUE(default_token_file(8000).ends_with("-8000.token"));
  ::unsetenv("XDG_RUNTIME_DIR");
}

}  // namespace
}  // namespace nelumbo
