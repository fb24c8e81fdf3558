// SPDX-License-Identifier: Apache-2.0
#include "apps/output_file.h"

#include <filesystem>
#include <system_error>

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  if (fs::equivalent(a, b, none))
    return true;
  return fs::weakly_canonical(a, none) == fs::weakly_canonical(b, none);
}

}  // namespace

Result<void> require_other_file(const std::string& option, const std::string& path,
                                const std::vector<std::string>& others) {
  for (const std::string& other : others)
    if (!path.empty() && !other.empty() && is_same_file(path, other))
      return Error{Errc::kInvalidConfig, option + ": " + path + " is the same file as " + other +
                                             ", which it would replace; name another"};
  return {};
}

std::vector<std::string> vocabulary_files(const std::string& data) {
  return {data + "/mesh/terms.tsv", data + "/mesh/tree-numbers.tsv",
          data + "/disease-ontology/DO_rare_slim.obo"};
}

}  // namespace nelumbo
