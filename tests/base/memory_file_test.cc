// SPDX-License-Identifier: Apache-2.0
#include "base/memory_file.h"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

MemoryFile holding(std::string_view bytes) {
  MemoryFile file = std::move(MemoryFile::create()).value();
  EXPECT_TRUE(file.write(bytes, 1).ok());
  return file;
}

std::string text_of(const MappedMemory& memory) {
  return {memory.bytes().begin(), memory.bytes().end()};
}

TEST(MemoryFile, IsReadWhereItsPathIsKnown) {
  const MemoryFile file = holding("weights");
  const auto mapped = MappedMemory::open(file.path(), 7, 1);
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(text_of(mapped.value()), "weights");
}

TEST(MemoryFile, IsReadByAnotherProcess) {
  const MemoryFile file = holding("weights");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto mapped = MappedMemory::open(file.path(), 7, 1);
    ::_exit(mapped && text_of(mapped.value()) == "weights" ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(MemoryFile, TellsWhoHasMappedItThatTheBytesAreOthers) {
  MemoryFile file = holding("old weights");
  const auto mapped = MappedMemory::open(file.path(), 11, 1);
  EXPECT_TRUE(mapped.value().unchanged());
  ASSERT_TRUE(file.write(std::string_view("new"), 2).ok());
  EXPECT_FALSE(mapped.value().unchanged());
  EXPECT_EQ(text_of(mapped.value()), "new weights") << "they can still be read";
  ASSERT_TRUE(file.write(std::string(1 << 20, 'x'), 3).ok());
  EXPECT_EQ(text_of(mapped.value()), "xxxxxxxxxxx");
  EXPECT_EQ(text_of(MappedMemory::open(file.path(), 1 << 20, 3).value()),
            std::string(1 << 20, 'x'));
}

TEST(MemoryFile, IsGoneWithItsOwner) {
  std::string path;
  {
    MemoryFile first = holding("weights");
    const MemoryFile moved = std::move(first);
    path = moved.path();
    EXPECT_TRUE(MappedMemory::open(path, 7, 1).ok());
  }
  EXPECT_FALSE(MappedMemory::open(path, 7, 1).ok());
}

TEST(MemoryFile, NothingElseIsMapped) {
  const MemoryFile file = holding("weights");
  EXPECT_FALSE(MappedMemory::open(file.path(), 8, 1).ok());
  EXPECT_FALSE(MappedMemory::open(file.path(), 7, 2).ok()) << "others";
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "weights", "weights").ok());
  for (const std::string& path : {folder / "weights", folder / "none", std::string("/dev/zero")}) {
    const auto mapped = MappedMemory::open(path, 7, 1);
    ASSERT_FALSE(mapped.ok()) << path;
    EXPECT_EQ(mapped.error().code, Errc::kUnavailable);
    EXPECT_EQ(mapped.error().message, path + ": no memory with those 7 bytes is there");
  }
}

}  // namespace
}  // namespace nelumbo
