// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr int64_t kPlenty = 1 << 20;

std::string text_of(const std::string& path) {
  auto text = read_file(path, kPlenty);
  return text ? text.value() : "error: " + text.error().message;
}

int64_t files_in(const std::string& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

/// Lets no file of this process grow beyond `bytes` while it lives: a full disk for root too.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(ReadFile, GivesAllBytes) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "a", std::string("x\0y\n", 4)).ok());
  EXPECT_EQ(text_of(folder / "a"), std::string("x\0y\n", 4));
  ASSERT_TRUE(write_file_atomic(folder / "empty", "").ok());
  EXPECT_EQ(text_of(folder / "empty"), "");
}

TEST(ReadFile, SaysWhatIsMissing) {
  auto text = read_file("/no/such/file", kPlenty);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, Errc::kEnvironment);
  EXPECT_EQ(text.error().message, "/no/such/file: cannot read: No such file or directory");
}

TEST(ReadFile, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(text_of(folder.path()), "error: " + folder.path() + ": is a folder, not a file");
  EXPECT_EQ(text_of(folder / "pipe"), "error: " + (folder / "pipe") + ": is not a regular file");
  EXPECT_EQ(text_of("/dev/zero"), "error: /dev/zero: is not a regular file");
}

TEST(ReadFile, RefusesMoreThanItsLimit) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "a", "12345").ok());
  EXPECT_TRUE(read_file(folder / "a", 5).ok());
  auto text = read_file(folder / "a", 4);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, Errc::kBadData);
}

TEST(ReadFile, RefusesAFileWhoseSizeIsALie) {
  auto text = read_file("/proc/kallsyms", 10);  // fstat says 0 bytes
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, Errc::kBadData);
}

TEST(WriteFileAtomic, ReplacesAFileAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "a", "old").ok());
  ASSERT_TRUE(write_file_atomic(folder / "a", "new").ok());
  EXPECT_EQ(text_of(folder / "a"), "new");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteFileAtomic, LeavesTheEarlierFileUntouchedWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "a", "old").ok());
  {
    const FileSizeLimit full(1000);
    auto done = write_file_atomic(folder / "a", std::string(5000, 'x'));
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, Errc::kEnvironment);
    EXPECT_NE(done.error().message.find("cannot write: File too large"), std::string::npos)
        << done.error().message;
  }
  EXPECT_EQ(text_of(folder / "a"), "old");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteFileAtomic, LeavesNothingBehindWhenItCannotReplace) {
  const TemporaryFolder folder;
  ASSERT_TRUE(make_directories(folder / "a/b").ok());
  auto done = write_file_atomic(folder / "a", "text");
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message, (folder / "a") + ": cannot replace: Is a directory");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteFileAtomic, NamesAFolderThatIsMissing) {
  const TemporaryFolder folder;
  auto done = write_file_atomic(folder / "no/a", "text");
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message, (folder / "no/a") + ": cannot create: No such file or directory");
}

TEST(MakeDirectories, MakesAllThatIsMissing) {
  const TemporaryFolder folder;
  EXPECT_TRUE(make_directories(folder / "a/b/c").ok());
  EXPECT_TRUE(make_directories(folder / "a/b/c").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
}

TEST(MakeDirectories, SaysWhenAFileIsInTheWay) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "a", "x").ok());
  auto on_it = make_directories(folder / "a");
  auto below = make_directories(folder / "a/b");
  ASSERT_FALSE(on_it.ok());
  ASSERT_FALSE(below.ok());
  EXPECT_EQ(below.error().code, Errc::kEnvironment);
  EXPECT_NE(below.error().message.find("Not a directory"), std::string::npos);
}

TEST(SyncDirectory, NamesAFolderThatIsMissing) {
  EXPECT_TRUE(sync_directory(".").ok());
  auto done = sync_directory("/no/such");
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message, "/no/such: cannot open this folder: No such file or directory");
}

TEST(RequireFreeSpace, ComparesWithTheDisk) {
  EXPECT_TRUE(require_free_space(".", 1).ok());
  auto done = require_free_space(".", INT64_MAX);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::kEnvironment);
  EXPECT_NE(done.error().message.find(".: needs 9223372036854 MB, but only "), std::string::npos);
  EXPECT_FALSE(require_free_space("/no/such", 1).ok());
}

TEST(AppendFile, GrowsAcrossOwners) {
  const TemporaryFolder folder;
  for (const char* part : {"one\n", "two\n"}) {
    auto file = AppendFile::open(folder / "log");
    ASSERT_TRUE(file.ok()) << file.error().message;
    AppendFile moved = std::move(file).value();
    EXPECT_TRUE(moved.append(part).ok());
    EXPECT_TRUE(moved.sync().ok());
  }
  EXPECT_EQ(text_of(folder / "log"), "one\ntwo\n");
}

TEST(AppendFile, ReportsAFullDisk) {
  const TemporaryFolder folder;
  auto file = AppendFile::open(folder / "log");
  ASSERT_TRUE(file.ok());
  const FileSizeLimit full(2);
  auto done = file.value().append("line\n");
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message, (folder / "log") + ": cannot write: File too large");
}

TEST(AppendFile, CannotOpenAFolder) {
  auto file = AppendFile::open("/");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().message, "/: cannot open for appending: Is a directory");
}

TEST(AppendFileDeathTest, KeepsNoPartOfWhatWasRefused) {
  const TemporaryFolder folder;
  const auto story = [&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{8, 8};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto file = AppendFile::open(folder / "a");
    const bool fits = file.value().append("12345").ok();
    const bool does_not = !file.value().append("67890").ok();
    const bool fits_again = file.value().append("678").ok();
    ::_exit(fits && does_not && fits_again ? 0 : 1);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(0), "");
  EXPECT_EQ(read_file(folder / "a", 100).value(), "12345678");
}

}  // namespace
}  // namespace nelumbo
