// SPDX-License-Identifier: Apache-2.0
#include "reward/explanation.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/sentence.h"
#include "reward/answers.h"
#include "reward/pattern.h"

namespace nelumbo {

namespace {

using Words = std::set<std::string, std::less<>>;

/// Doubt a name, offer another or take it back, wherever they stand.
const Words kDoubting = {"or",          "but",    "however",  "although",  "though",   "instead",
                         "rather",      "unless", "maybe",    "perhaps",   "might",    "may",
                         "could",       "either", "neither",  "possibly",  "probably", "wait",
                         "oops",        "sorry",  "actually", "hmm",       "scratch",  "correction",
                         "wrong",       "false",  "mistake",  "incorrect", "mistaken", "unsure",
                         "doubt",       "guess",  "if",       "whether",   "both",     "unlikely",
                         "alternative", "nor",    "else",     "except"};
const Words kDenying = {"no",         "not",      "never",      "none",   "nothing",
                        "cannot",     "hardly",   "rarely",     "least",  "worst",
                        "second",     "ruled",    "eliminated", "trap",   "distractor",
                        "exception",  "rejected", "excluded",   "untrue", "contraindicated",
                        "impossible", "avoided",  "implausible"};
/// Behind these something else may be denied.
const Words kReasons = {"because", "since", "as", "given", "due", "which"};

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' || c < 0;
}

/// "isn't", "isn’t"
bool denies(const std::string& word) {
  return kDenying.contains(word) || word.ends_with("n't") || word.ends_with("n’t");
}

/// The first match of a pattern at `from` or behind; none: the end of the text.
size_t found_at(const Pattern& pattern, std::string_view text, size_t from) {
  const auto found = pattern.place_of(text, from);
  return found && found.value() ? found.value()->begin : text.size();
}

}  // namespace

std::optional<ExplanationStart> explanation_start(std::string_view text, size_t from) {
  static const Pattern kReason = Pattern::fixed(
      R"((?i)(?<![.:–—-])[\s,;]{0,4}\s(because|since|due\s+to|given\s+that)\s|,\s*as\s)"
      R"(|\sas\s+(it|this|that|they|these|he|she|there)\s)");
  static const Pattern kStatement =
      Pattern::fixed(R"((?i)\s(is|are|was|were|remains|has|have|will|would|should|can|does)\s)"
                     R"(|[.;:]\s|(?<=\*)\s|\n|\s[–—-]\s|\s\(|,\s+which\s)");
  if (from >= text.size())
    return std::nullopt;
  const size_t reason = found_at(kReason, text, from);
  const size_t statement = found_at(kStatement, text, from);
  if (std::min(reason, statement) == text.size())
    return std::nullopt;
  using Kind = ExplanationStart::Kind;
  return reason <= statement ? ExplanationStart{reason, Kind::kReason}
                             : ExplanationStart{statement, Kind::kStatement};
}

bool only_explains(std::string_view behind) {
  if (asks(behind))
    return false;
  bool gives_reason = false;
  std::string word;
  for (size_t at = 0; at <= behind.size(); ++at) {
    if (at < behind.size() && is_of_word(behind[at])) {
      word += behind[at];
      continue;
    }
    const std::string low = normalized(std::exchange(word, ""));
    gives_reason = gives_reason || kReasons.contains(low);
    if (kDoubting.contains(low) || (denies(low) && !gives_reason))
      return false;
    if (at < behind.size() && ends_sentence(behind, at))
      gives_reason = false;
  }
  return true;
}

std::vector<std::string_view> lone_letters(std::string_view text) {
  std::vector<std::string_view> all;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t begin = at;
    while (at < text.size() && is_of_word(text[at]))
      ++at;
    const bool is_ascii = at == begin + 1 && text[begin] >= 0 && text[begin] != '\'';
    if (is_ascii && text[begin] != 'a')
      all.push_back(text.substr(begin, 1));
  }
  return all;
}

}  // namespace nelumbo
