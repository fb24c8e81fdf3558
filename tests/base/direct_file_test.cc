// SPDX-License-Identifier: Apache-2.0
#include "base/direct_file.h"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/file.h"
#include "base/hash.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr int64_t kPlenty = 64 << 20;

std::string letters(size_t count) {
  std::string text(count, ' ');
  for (size_t i = 0; i < count; ++i)
    text[i] = static_cast<char>('a' + i * 7 % 26 + i / 4096 % 3);
  return text;
}

/// Writes in pieces of `piece` bytes.
Result<std::string> write(const std::string& path, std::string_view bytes, size_t piece) {
  auto file = DirectWriter::create(path);
  if (!file)
    return file.error();
  for (size_t at = 0; at < bytes.size(); at += piece)
    if (auto done = file.value().append(bytes.substr(at, piece)); !done)
      return done.error();
  return file.value().finish();
}

TEST(DirectFile, HoldsWhatWasAppendedWhateverItsLength) {
  const TemporaryFolder folder;
  const std::string all = letters((9 << 20) + 4097);
  for (const size_t length : {size_t{0}, size_t{1}, size_t{4095}, size_t{4096}, size_t{4 << 20},
                              size_t{(4 << 20) + 1}, size_t{(8 << 20) + 4096}, all.size()}) {
    const std::string path = folder / std::to_string(length), text = all.substr(0, length);
    const auto written = write(path, text, 1000003);
    ASSERT_TRUE(written.ok()) << length;
    EXPECT_EQ(written.value(), xxh3_128_hex(bytes_of(text))) << length;
    const auto read = read_file(path, kPlenty);
    ASSERT_TRUE(read.ok()) << length;
    EXPECT_TRUE(read.value() == text) << length;
    const auto hash = hash_around_cache(path);
    ASSERT_TRUE(hash.ok()) << hash.error().message;
    EXPECT_EQ(hash.value(), xxh3_128_hex(bytes_of(text))) << length;
  }
}

TEST(DirectFile, GoesThroughTheCacheWhereTheFileSystemKnowsNothingElse) {
  const std::string path = "/proc/version";
  const auto hash = hash_around_cache(path);
  ASSERT_TRUE(hash.ok()) << hash.error().message;
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(hash.value(), xxh3_128_hex(bytes_of(text)));
}

TEST(DirectFile, TakesNoFileThatIsThere) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "mine";
  const auto file = DirectWriter::create(folder / "a");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().message, folder / "a" + ": cannot create: File exists");
  EXPECT_EQ(read_file(folder / "a", kPlenty).value(), "mine");
}

TEST(DirectFile, SaysWhatTheSystemRefuses) {
  const TemporaryFolder folder;
  EXPECT_EQ(hash_around_cache(folder / "none").error().message,
            folder / "none" + ": cannot read: No such file or directory");
  EXPECT_EQ(hash_around_cache(folder / "").error().message,
            folder / "" + ": cannot read: Is a directory");
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit limit{(4 << 20) + 512, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto done = write(folder / "a", letters(9 << 20), 1 << 20);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_DFL);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::kEnvironment);
  EXPECT_EQ(done.error().message, folder / "a" + ": cannot write: File too large");
}

}  // namespace
}  // namespace nelumbo
