// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "corpus/name_matcher.h"

namespace nelumbo {

/// What NameMatcher promises, done literally: at each place where a name may begin, every length is
/// tried, the longest first. Thousands of times slower, and what the fast search is held against.
class NaiveNames {
 public:
  explicit NaiveNames(std::span<const OwnedName> names);

  std::vector<NameHit> find(std::string_view text) const;

 private:
  std::optional<NameHit> at(std::string_view text, const std::string& plain, size_t begin) const;

  std::unordered_map<std::string, std::vector<OwnedName>> names_;  ///< by their folded form
  size_t longest_ = 0;
};

/// What a comparison of the two searches found.
struct SearchCheck {
  int64_t texts = 0;
  int64_t hits = 0;       ///< of the fast search
  int64_t different = 0;  ///< texts in which the two do not find the same
  std::optional<int64_t> first_different = {};
};

/// Compares both on `count` texts, spread evenly over all; on all where there are fewer.
SearchCheck check_search(const NameMatcher& matcher, const NaiveNames& naive,
                         std::span<const std::string_view> texts, int64_t count);

}  // namespace nelumbo
