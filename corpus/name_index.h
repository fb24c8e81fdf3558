// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nelumbo {

/// What names are compared by: lower case, hyphens as blanks, without punctuation and articles,
/// each word in the singular. "Neoplasms, Eye" becomes "eye neoplasm": MeSH puts the head word
/// first.
std::string name_key(std::string_view name);

/// Finds entities by any of their names.
class NameIndex {
 public:
  /// The first entity that takes a name keeps it. Nothing happens for a name without letters.
  void add(std::string_view name, int32_t entity);

  std::optional<int32_t> find(std::string_view name) const;
  int64_t size() const { return std::ssize(entities_); }

 private:
  std::unordered_map<std::string, int32_t> entities_;
};

}  // namespace nelumbo
