// SPDX-License-Identifier: Apache-2.0
#include "base/folder.h"

#include <cerrno>

#include <sys/stat.h>

#include "base/disk_fault.h"

namespace nelumbo {

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0)
    return {};
  const int number = errno;
  struct stat status {};
  if (number == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    return {};
  return disk_error(path, "make this folder", number);
}

}  // namespace nelumbo
