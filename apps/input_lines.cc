// SPDX-License-Identifier: Apache-2.0
#include "apps/input_lines.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "base/file.h"

namespace nelumbo {
namespace {

constexpr int64_t kLongestInput = 1'000'000'000;

}  // namespace

Result<void> for_each_line(
    const std::string& path,
    const std::function<Result<void>(std::string_view line, const std::string& place)>& use) {
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    return Error{Errc::kBadData, path + ": there is no such file"};
  const Result<std::string> text = read_file(path, kLongestInput);
  if (!text)
    return text.error();
  std::string_view rest = text.value();
  for (int64_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (Result<void> used = use(line, path + ":" + std::to_string(number)); !used)
      return used;
  }
  return {};
}

}  // namespace nelumbo
