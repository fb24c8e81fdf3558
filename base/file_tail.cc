// SPDX-License-Identifier: Apache-2.0
#include "base/file_tail.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace nelumbo {

std::string file_tail(const std::string& path, int64_t most) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file)
    return "";
  const auto size = static_cast<int64_t>(file.tellg());
  file.seekg(std::max<int64_t>(0, size - most));
  std::ostringstream tail;
  tail << file.rdbuf();  // ends where reading does, also by an error
  return tail.str();
}

}  // namespace nelumbo
