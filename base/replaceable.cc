// SPDX-License-Identifier: Apache-2.0
#include "base/replaceable.h"

#include <filesystem>
#include <system_error>

namespace nelumbo {

namespace fs = std::filesystem;

Result<void> require_replaceable(const std::string& path) {
  std::error_code none;
  const fs::file_status there = fs::symlink_status(path, none);
  if (!fs::exists(there) || fs::is_regular_file(there) || fs::is_directory(there))
    return {};
  return Error{Errc::kEnvironment,
               path + ": is no regular file and would be replaced by one; name another path"};
}

}  // namespace nelumbo
