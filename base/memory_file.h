// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/error.h"

namespace nelumbo {

/// Bytes in memory that other processes of this user on this host can map (memfd_create). They have
/// no name in any folder, so they are gone with the last process that has them, however it ends.
/// One owner; no lock.
class MemoryFile {
 public:
  /// kEnvironment where the system gives none.
  static Result<MemoryFile> create();
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile();

  /// Puts bytes in the place of what it holds, under a name for them that is not 0. Whoever has
  /// mapped it may go on reading: it never becomes smaller, and it has no name while it holds bytes
  /// of both. kEnvironment without memory.
  Result<void> write(std::span<const char> bytes, uint64_t name);
  /// Where processes of this host open it, while this one lives.
  std::string path() const;

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  char* mapped_ = nullptr;  ///< a header with the name, and the bytes
  size_t size_ = 0;         ///< of both
};

/// The memory file of another process, or of this one.
class MappedMemory {
 public:
  /// Its `size` bytes of that name. kUnavailable when they are not there: this is another host, the
  /// process has ended, or wrote others.
  static Result<MappedMemory> open(const std::string& path, size_t size, uint64_t name);
  MappedMemory(MappedMemory&& other) noexcept;
  MappedMemory& operator=(MappedMemory&&) = delete;
  ~MappedMemory();

  std::span<const char> bytes() const;
  /// Whether what was read until now was of that name. (A lock without a wait for the writer:
  /// H.-J. Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012.)
  bool unchanged() const;

 private:
  MappedMemory(const char* mapped, size_t size, uint64_t name)
      : mapped_(mapped), size_(size), name_(name) {}

  const char* mapped_;
  size_t size_;
  uint64_t name_;
};

}  // namespace nelumbo
