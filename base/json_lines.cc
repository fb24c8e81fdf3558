// SPDX-License-Identifier: Apache-2.0
#include "base/json_lines.h"

#include <cstdint>
#include <fstream>
#include <utility>

namespace nelumbo {

std::vector<nlohmann::json> read_json_lines(const std::string& path, std::string* damaged) {
  std::vector<nlohmann::json> all;
  std::ifstream file(path, std::ios::binary);
  int64_t number = 0, first = 0, others = -1;
  for (std::string line; std::getline(file, line);) {
    const bool torn = file.eof();
    nlohmann::json one = nlohmann::json::parse(line, nullptr, false);
    ++number;
    if (one.is_object())
      all.push_back(std::move(one));
    else if (!torn && ++others == 0)
      first = number;
  }
  if (damaged != nullptr && others >= 0)
    *damaged = path + ":" + std::to_string(first) + ": is no JSON object; it " +
               (others > 0 ? "and " + std::to_string(others) + " lines behind it are" : "is") +
               " passed over";
  return all;
}

}  // namespace nelumbo
