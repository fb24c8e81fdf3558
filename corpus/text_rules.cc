// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_rules.h"

#include <algorithm>

namespace nelumbo {
namespace {

/// Below so many words a text of names and numbers need not have a function word.
constexpr int64_t kLeastWordsOfLanguage = 8;

bool is_markup(const TextMeasures& m, const RuleLimits& limits) {
  const int64_t furniture =
      m.words < limits.short_words ? (limits.furniture + 1) / 2 : limits.furniture;
  return m.markup > limits.markup || m.structural > limits.structural || m.furniture > furniture;
}

bool is_repetition(const TextMeasures& m, const RuleLimits& limits) {
  const bool copies_sentences =
      m.longest_copy > limits.longest_copy ||
      static_cast<double>(m.longest_copy) > limits.copied * static_cast<double>(m.words);
  return (m.repeated > limits.repeated && copies_sentences) ||
         m.repeated_lines > limits.repeated_lines || m.longest_run > limits.longest_run;
}

bool is_foreign(const TextMeasures& m, const RuleLimits& limits, double usual_surprise) {
  if (m.latin < limits.latin)
    return true;
  if (m.words < kLeastWordsOfLanguage)
    return false;
  const bool lacks_english = m.function_words < limits.function_words;
  return (m.foreign_words > limits.foreign_words && m.foreign_words > m.function_words) ||
         (lacks_english && m.surprise > usual_surprise + 0.75 * limits.surprise_above);
}

}  // namespace

std::string removal_name(Removal removal) {
  switch (removal) {
    case Removal::kDuplicate:
      return "duplicate";
    case Removal::kBroken:
      return "broken";
    case Removal::kMarkup:
      return "markup";
    case Removal::kLength:
      return "length";
    case Removal::kSymbols:
      return "symbols";
    case Removal::kRepetition:
      return "repetition";
    case Removal::kForeign:
      return "foreign";
    case Removal::kGibberish:
      return "gibberish";
    case Removal::kQuality:
      break;
  }
  return "quality";
}

RuleLimits RuleLimits::tightened(double share) const {
  RuleLimits tight = *this;
  for (double* limit :
       {&tight.broken, &tight.markup, &tight.symbols, &tight.repeated, &tight.repeated_lines,
        &tight.foreign_words, &tight.odd_words, &tight.surprise_above})
    *limit *= share;
  tight.latin = 1 - share * (1 - latin);
  tight.function_words = function_words / share;
  tight.least_words = static_cast<int64_t>(static_cast<double>(least_words) / share);
  return tight;
}

std::optional<Removal> broken_rule(const TextMeasures& m, const RuleLimits& limits,
                                   double usual_surprise) {
  if (m.broken > limits.broken)
    return Removal::kBroken;
  if (is_markup(m, limits))
    return Removal::kMarkup;
  if (m.characters > limits.most_characters)
    return Removal::kLength;
  if (m.symbols > limits.symbols)
    return Removal::kSymbols;
  if (is_repetition(m, limits))
    return Removal::kRepetition;
  if (is_foreign(m, limits, usual_surprise))
    return Removal::kForeign;
  if (m.odd_words > limits.odd_words || m.surprise > usual_surprise + limits.surprise_above)
    return Removal::kGibberish;
  if (m.words < limits.least_words)
    return Removal::kLength;
  return std::nullopt;
}

}  // namespace nelumbo
