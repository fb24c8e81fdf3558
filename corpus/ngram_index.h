// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nelumbo {

/// Texts are compared by runs of this many words.
constexpr int64_t kComparedWords = 13;

/// The distinct 13-grams of a text's words (words_of() of corpus/unicode.h) as 64-bit hashes, in
/// ascending order. A text of fewer words has none.
std::vector<uint64_t> ngrams_of(std::string_view text);

/// Which texts share 13-grams: an inverted index from each 13-gram to the texts that have it. A
/// query costs the length of the lists of its own 13-grams, not the number of texts.
class NgramIndex {
 public:
  /// Another text of the index and what it has in common with the one asked about.
  struct Overlap {
    int64_t text = 0;    ///< as add() numbered it
    int64_t common = 0;  ///< 13-grams that both have
    double share = 0;    ///< of the 13-grams of the one that has fewer
  };

  /// Adds a text and returns its number: 0, 1, 2, ...
  int64_t add(std::string_view text);

  /// All texts of the index that share a 13-gram with `text`, largest share first, then by number.
  std::vector<Overlap> overlaps(std::string_view text) const;

 private:
  std::unordered_map<uint64_t, std::vector<int32_t>> texts_of_;
  std::vector<int64_t> sizes_;
};

}  // namespace nelumbo
