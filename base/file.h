// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// The whole of a regular file. A folder, a FIFO or a device is refused without being read, and so
/// is a file of more than `max_bytes`.
Result<std::string> read_file(const std::string& path, int64_t max_bytes);

/// Puts `bytes` into `path` as a whole or not at all: a temporary file beside it is written, synced
/// and renamed, then the folder is synced. After a failure (kEnvironment) the file is as before.
Result<void> write_file_atomic(const std::string& path, std::string_view bytes);

/// Makes a folder and all above it; one that exists is fine.
Result<void> make_directories(const std::string& path);

/// Makes renames and new names in a folder durable.
Result<void> sync_directory(const std::string& path);

/// Says no (kEnvironment) when the file system of the folder `path` has less than `bytes` to give.
Result<void> require_free_space(const std::string& path, int64_t bytes);

/// A file that grows at its end. One owner; no lock.
class AppendFile {
 public:
  /// Opens the file, or makes it.
  static Result<AppendFile> open(const std::string& path);
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;
  ~AppendFile();

  /// Writes all bytes at the end, in one call to the system where that takes them all. After a
  /// failure the file may end in a part of them.
  Result<void> append(std::string_view bytes);

  /// Returns when everything appended is on the disk. After a failure the file is lost: do not
  /// append to it again.
  Result<void> sync();

 private:
  AppendFile(std::string path, int descriptor);

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace nelumbo
