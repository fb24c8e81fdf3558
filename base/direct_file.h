// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files of gigabytes, written and read around the page cache (O_DIRECT): the kernel copies nothing,
// which costs a tenth of the processor's time, and keeps nothing, which would push out what others
// read. On a file system that cannot do so they are written and read as any other file.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

class Hasher;

/// A new file, written from its beginning to its end. One owner; no lock.
class DirectWriter {
 public:
  /// kEnvironment when the file is there, or cannot be made.
  static Result<DirectWriter> create(const std::string& path);
  DirectWriter(DirectWriter&& other) noexcept;
  DirectWriter& operator=(DirectWriter&&) = delete;
  ~DirectWriter();

  /// After a failure the file holds a part of what was appended.
  Result<void> append(std::string_view bytes);
  /// The XXH3-128 in hex of what was appended, when all of it is on the disk. It is taken of the
  /// bytes as they came, so that it tells of a disk that keeps others. REQUIRES: nothing is
  /// appended after it.
  Result<std::string> finish();

 private:
  DirectWriter(std::string path, int descriptor);
  Result<void> flush();

  std::string path_;
  int descriptor_;
  std::unique_ptr<char, void (*)(void*)> block_;
  size_t filled_ = 0;  ///< bytes of the block
  std::unique_ptr<Hasher> hasher_;
};

/// XXH3-128 of a file's bytes in hex. kEnvironment when it cannot be read.
Result<std::string> hash_around_cache(const std::string& path);

}  // namespace nelumbo
