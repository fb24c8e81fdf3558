// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/byte_trie.h"

namespace nelumbo {

/// Finds, for each place of a text, the longest of many keywords that begins there. Immutable.
class KeywordFinder {
 public:
  /// Keywords are told by their index; of equal ones the first counts, empty ones are never found.
  explicit KeywordFinder(const std::vector<std::string>& keywords);

  struct Hit {
    int64_t at = 0;
    int32_t keyword = 0;
  };

  /// In the order of places. Takes steps in proportion to the text, whatever the keywords.
  std::vector<Hit> longest_from_each_place(std::string_view text) const;

  bool empty() const { return trie_.size() == 1; }

 private:
  int32_t step(int32_t state, uint8_t byte) const;

  ByteTrie trie_;                 ///< of the keywords read backwards
  std::vector<int32_t> shorter_;  ///< by node: that of the longest proper suffix in the trie
  std::vector<int32_t> longest_;  ///< by node: the longest keyword that ends its text, or -1
};

}  // namespace nelumbo
