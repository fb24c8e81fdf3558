// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "bench/figure.h"
#include "corpus/name_matcher.h"

namespace nelumbo {

/// The anchor of the tagging benchmark: at each place where a word begins, every run of bytes up to
/// the longest name that ends at a boundary is looked up in a hash table, the longest first. Finds
/// what NameMatcher finds.
class HashedNames {
 public:
  explicit HashedNames(const std::vector<OwnedName>& names);

  std::vector<NameHit> find(std::string_view text) const;

 private:
  const OwnedName* at(std::string_view folded_name, std::string_view written) const;

  std::unordered_map<std::string, std::vector<OwnedName>> names_;
  size_t longest_ = 0;
};

/// MB/s of the matcher on one core, of processor time, over the names of the tree and the texts of
/// `root`, a folder like data/. kCheckFailed where the hash table, which searches a part of them,
/// finds other names there.
Result<Figure> measure_tagging(const std::string& root, int64_t repeats);

}  // namespace nelumbo
