// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "corpus/text_measures.h"

namespace nelumbo {

/// Why a text leaves the corpus.
enum class Removal {
  kDuplicate,   ///< equals an earlier one
  kBroken,      ///< a damaged encoding that cannot be undone
  kMarkup,      ///< page source, or the furniture of a page
  kLength,      ///< too short to say something, or too long to be one text
  kSymbols,     ///< too many characters that prose does not have
  kRepetition,  ///< says the same again and again
  kForeign,     ///< not English
  kGibberish,   ///< not spelt like the rest of the corpus
  kQuality,     ///< the classifier's judgement
};

constexpr Removal kAllRemovals[] = {Removal::kDuplicate, Removal::kBroken,    Removal::kMarkup,
                                    Removal::kLength,    Removal::kSymbols,   Removal::kRepetition,
                                    Removal::kForeign,   Removal::kGibberish, Removal::kQuality};

/// "duplicate", "broken", ...
std::string removal_name(Removal removal);

/// What a text may measure (corpus/text_measures.h) and stay. On the texts in data/ at most one in
/// a thousand exceeds any of them but the least length.
struct RuleLimits {
  double broken = 0.002;
  double markup = 0.1;
  int64_t structural = 2;
  int64_t furniture = 2;  ///< and half of it in a text of fewer than `short_words` words
  int64_t least_words = 5;
  int64_t most_characters = 100'000;
  double symbols = 0.03;
  double repeated = 0.42;     ///< in a text that copies a sentence; choices share half sentences
  int64_t longest_copy = 15;  ///< words of half a sentence,
  double copied = 0.25;       ///< or this share of all
  double repeated_lines = 0.25;
  int64_t longest_run = 5;
  double latin = 0.8;
  double foreign_words = 0.1;
  double function_words = 0.08;  ///< fewer are foreign in a text spelt unlike the corpus
  double odd_words = 0.2;
  double surprise_above = 1.4;  ///< bits above the median of the corpus
  int64_t short_words = 60;

  /// The limits with `share` of the room: 0.5 leaves half of what is allowed.
  RuleLimits tightened(double share) const;
};

/// The first rule that the text breaks, in the order of Removal; none: it may stay.
/// `usual_surprise` is the median surprise of the corpus.
std::optional<Removal> broken_rule(const TextMeasures& measures, const RuleLimits& limits,
                                   double usual_surprise);

}  // namespace nelumbo
