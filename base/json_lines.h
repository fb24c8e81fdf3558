// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// The JSON objects that a file has, one a line, oldest first; a file that is not there has none. A
/// last line without its end, as a crash leaves it, is passed over. So are other lines that are no
/// objects, and then `damaged`, where it is given, says in one sentence which is the first of them.
std::vector<nlohmann::json> read_json_lines(const std::string& path, std::string* damaged);

}  // namespace nelumbo
