// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace nelumbo {

/// How usual the spelling of a text is: a trigram model of letters.
///
///     surprise(text) = mean over its letters of -log2 P(c | a b),
///     P(c | a b) = (n(abc) + 0.5) / (n(ab) + 0.5 * 28)
///
/// The alphabet is a to z, "between words" and "any other letter"; words are read one by one, so
/// punctuation, digits and word order do not matter. English prose scores 2 to 3 bits against a
/// model of English prose, shuffled letters 5 and more. The one trap: a corpus that is mostly
/// rubbish thinks rubbish usual.
class LetterModel {
 public:
  LetterModel();

  void add(std::string_view text);

  /// Mean bits a letter; 0 for a text without letters.
  double surprise(std::string_view text) const;

  /// Letters and word ends that were added.
  int64_t size() const { return size_; }

 private:
  std::vector<int32_t> trigrams_, bigrams_;
  int64_t size_ = 0;
};

}  // namespace nelumbo
