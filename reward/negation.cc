// SPDX-License-Identifier: Apache-2.0
//
// After NegEx (W. Chapman et al., J. Biomed. Inform. 34, 2001): a finding within a few words of a
// trigger phrase is negated, unless a termination term stands between or the phrase is a
// pseudo-negation. The lists here are our own and shorter. The one trap: longer phrases are looked
// for first, so that "not only" is not read as "not".
#include "reward/negation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "corpus/unicode.h"

namespace nelumbo {

namespace {

constexpr int64_t kReach = 8;
/// Stands for punctuation that ends a clause.
const std::string kStop = ".";

constexpr std::array<std::string_view, 20> kNoCue = {
    "not only",        "no doubt",         "no increase",         "no change",
    "not necessarily", "not certain",      "no longer than",      "not just",
    "not simply",      "no further",       "cannot be ruled out", "can not be ruled out",
    "not ruled out",   "not exclude",      "not excluded",        "not unlikely",
    "is not excluded", "was not excluded", "is not ruled out",    "was not ruled out"};
constexpr std::array<std::string_view, 31> kBefore = {
    "no",           "not",        "without",  "denies",   "denied",   "denying",
    "negative for", "absence of", "absent",   "never",    "free of",  "rules out",
    "ruled out",    "rule out",   "lack of",  "lacks",    "lacking",  "neither",
    "nor",          "none",       "unlikely", "excludes", "excluded", "cannot",
    "isn t",        "doesn t",    "don t",    "wasn t",   "hasn t",   "failed to reveal",
    "instead of"};
constexpr std::array<std::string_view, 12> kBehind = {
    "absent",     "is absent",   "was ruled out", "is ruled out", "has been ruled out",
    "are absent", "is unlikely", "was excluded",  "is excluded",  "not present",
    "is not",     "was not"};
constexpr std::array<std::string_view, 12> kEnds = {"but",    "however",   "although", "though",
                                                    "except", "yet",       "because",  "rather",
                                                    "which",  "therefore", "while",    "whereas"};

/// Words in lower case, kStop where a clause ends.
std::vector<std::string> clauses_of(std::string_view text) {
  std::vector<std::string> all;
  std::string piece;
  const auto flush = [&] {
    for (std::string& word : words_of(piece))
      all.push_back(std::move(word));
    piece.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool inside_number =
        c == '.' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (!inside_number && std::string_view(".;:!?\n").find(c) != std::string_view::npos) {
      flush();
      all.push_back(kStop);
    } else {
      piece += c;
    }
  }
  flush();
  return all;
}

using Phrase = std::vector<std::string>;

template <class List>
std::vector<Phrase> phrases_of(const List& texts) {
  std::vector<Phrase> all;
  for (const std::string_view text : texts)
    all.push_back(words_of(text));
  return all;
}

bool stands_at(const std::vector<std::string>& words, int64_t at, const Phrase& phrase) {
  return at >= 0 && at + std::ssize(phrase) <= std::ssize(words) &&
         std::equal(phrase.begin(), phrase.end(), words.begin() + at);
}

bool one_stands_at(const std::vector<std::string>& words, int64_t at,
                   const std::vector<Phrase>& phrases) {
  return std::ranges::any_of(phrases,
                             [&](const Phrase& phrase) { return stands_at(words, at, phrase); });
}

/// Whether a word is part of a phrase that only looks like a cue.
bool is_no_cue(const std::vector<std::string>& words, int64_t at) {
  static const std::vector<Phrase> kPhrases = phrases_of(kNoCue);
  constexpr int64_t kLongest = 5;
  for (int64_t from = std::max<int64_t>(0, at - kLongest + 1); from <= at; ++from)
    for (const Phrase& phrase : kPhrases)
      if (from + std::ssize(phrase) > at && stands_at(words, from, phrase))
        return true;
  return false;
}

bool ends_clause(const std::vector<std::string>& words, int64_t at) {
  static const std::vector<Phrase> kPhrases = phrases_of(kEnds);
  return words[static_cast<size_t>(at)] == kStop || one_stands_at(words, at, kPhrases);
}

bool denied_before(const std::vector<std::string>& words, int64_t first) {
  static const std::vector<Phrase> kPhrases = phrases_of(kBefore);
  for (int64_t at = first - 1; at >= std::max<int64_t>(0, first - kReach); --at) {
    if (ends_clause(words, at))
      return false;
    if (one_stands_at(words, at, kPhrases) && !is_no_cue(words, at))
      return true;
  }
  return false;
}

bool denied_behind(const std::vector<std::string>& words, int64_t last) {
  static const std::vector<Phrase> kPhrases = phrases_of(kBehind);
  constexpr int64_t kBehindReach = 4;
  for (int64_t at = last; at < std::min<int64_t>(std::ssize(words), last + kBehindReach); ++at) {
    if (ends_clause(words, at))
      return false;
    if (one_stands_at(words, at, kPhrases) && !is_no_cue(words, at))
      return true;
  }
  return false;
}

}  // namespace

Assertions assertions_of(std::string_view words, std::string_view text) {
  const std::vector<std::string> all = clauses_of(text);
  const Phrase phrase = words_of(words);
  const int64_t length = std::ssize(phrase);
  Assertions found;
  for (int64_t at = 0; length > 0 && at + length <= std::ssize(all); ++at) {
    if (!stands_at(all, at, phrase))
      continue;
    const bool denied = denied_before(all, at) || denied_behind(all, at + length);
    (denied ? found.denied : found.affirmed) += 1;
  }
  return found;
}

}  // namespace nelumbo
