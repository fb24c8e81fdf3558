// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "apps/command_line.h"

namespace nelumbo {

/// What one call of the program left behind.
struct Called {
  int code = 0;
  std::string out, err;
};

inline Called call(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const int code = run_command_line(arguments, out, err);
  return {code, out.str(), err.str()};
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A path inside the repository.
inline std::string in_repository(const std::string& path) {
  return std::string(NELUMBO_SOURCE_DIR) + "/" + path;
}

}  // namespace nelumbo
