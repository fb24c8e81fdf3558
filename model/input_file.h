// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"

namespace nelumbo {

/// A file that is read by position. Shared between threads.
class InputFile {
 public:
  /// kBadData when it cannot be opened or is not a regular file; never waits for a FIFO.
  static Result<std::unique_ptr<InputFile>> open(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }
  /// Bytes when it was opened.
  uint64_t size() const { return size_; }

  /// Exactly `count` bytes from byte `offset`. kBadData when the file has become shorter,
  /// kEnvironment when the disk fails.
  Result<void> read(void* to, uint64_t count, uint64_t offset) const;

 private:
  InputFile(std::string path, int descriptor);

  std::string path_;
  int descriptor_;
  uint64_t size_ = 0;
};

}  // namespace nelumbo
