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
#include <set>
#include <string>
#include <vector>

#include "corpus/unicode.h"

namespace nelumbo {

namespace {

constexpr int64_t kReach = 8;
/// Stand for punctuation that ends a clause, and for what an answer follows: "Fever: no. Rash? No."
const std::string kStop = ".", kAsks = ":";

constexpr std::array<std::string_view, 34> kNoCue = {
    "not only",         "no doubt",         "no increase",         "no change",
    "not necessarily",  "not certain",      "no longer than",      "not just",
    "not simply",       "no further",       "cannot be ruled out", "can not be ruled out",
    "not ruled out",    "not exclude",      "not excluded",        "not unlikely",
    "is not excluded",  "was not excluded", "is not ruled out",    "was not ruled out",
    "not deny",         "not without",      "cannot exclude",      "can t exclude",
    "couldn t exclude", "cannot rule out",  "can t rule out",      "couldn t rule out",
    "not rule out",     "no improvement",   "no relief",           "no resolution",
    "no decrease",      "no reduction"};
constexpr std::array<std::string_view, 41> kBefore = {
    "no",           "not",        "without",  "denies",   "denied",    "denying",
    "negative for", "absence of", "absent",   "never",    "free of",   "rules out",
    "ruled out",    "rule out",   "lack of",  "lacks",    "lacking",   "neither",
    "nor",          "none",       "unlikely", "excludes", "excluded",  "cannot",
    "isn t",        "doesn t",    "don t",    "wasn t",   "hasn t",    "failed to reveal",
    "instead of",   "aren t",     "weren t",  "didn t",   "haven t",   "couldn t",
    "can t",        "negatives",  "nobody",   "w o",      "false that"};
constexpr std::array<std::string_view, 24> kBehind = {"absent",
                                                      "is absent",
                                                      "was ruled out",
                                                      "is ruled out",
                                                      "has been ruled out",
                                                      "are absent",
                                                      "is unlikely",
                                                      "was excluded",
                                                      "is excluded",
                                                      "not present",
                                                      "is not",
                                                      "was not",
                                                      "are not",
                                                      "were not",
                                                      "isn t",
                                                      "wasn t",
                                                      "aren t",
                                                      "weren t",
                                                      "is denied",
                                                      "was denied",
                                                      "has been excluded",
                                                      "have been excluded",
                                                      "were excluded",
                                                      "never"};
/// Deny what they stand directly behind, unless more is said of it: "fever negative, HIV: none".
constexpr std::array<std::string_view, 23> kReplies = {
    "no",           "none",         "nil",          "never",          "absent",    "negative",
    "is negative",  "was negative", "denied",       "is denied",      "not seen",  "not reported",
    "not detected", "not noted",    "not observed", "not identified", "not found", "not present",
    "false",        "excluded",     "ruled out",    "unlikely",       "free"};
constexpr std::array<std::string_view, 12> kEnds = {"but",    "however",   "although", "though",
                                                    "except", "yet",       "because",  "rather",
                                                    "which",  "therefore", "while",    "whereas"};

/// The words of a text in lower case, with kStop and kAsks where such punctuation is.
struct Clauses {
  std::vector<std::string> words;
  std::vector<bool> paused;  ///< whether a comma or bracket stands behind the word
};

/// Takes a text to pieces, character by character.
class ClauseReader {
 public:
  Clauses read(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool inside_number =
          c == '.' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
      if (inside_number || std::string_view(".;:!?\n,()[]|").find(c) == std::string_view::npos)
        piece_ += c;
      else
        mark(c);
    }
    flush();
    return std::move(clauses_);
  }

 private:
  void flush() {
    for (std::string& word : words_of(piece_))
      push(std::move(word));
    piece_.clear();
  }

  void push(std::string word) {
    clauses_.words.push_back(std::move(word));
    clauses_.paused.push_back(false);
  }

  void mark(char c) {
    flush();
    if (c == ':' || c == '?')
      push(kAsks);
    else if (std::string_view(".;!\n").find(c) != std::string_view::npos)
      push(kStop);
    else if (!clauses_.paused.empty())
      clauses_.paused.back() = true;
  }

  Clauses clauses_;
  std::string piece_;
};

using Phrase = std::vector<std::string>;

template <class List>
std::vector<Phrase> phrases_of(const List& texts) {
  std::vector<Phrase> all;
  all.reserve(texts.size());
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
  const std::string& word = words[static_cast<size_t>(at)];
  return word == kStop || word == kAsks || one_stands_at(words, at, kPhrases);
}

/// "No cough, has fever": a verb with a pause, or "and", before it and its subject says something
/// new.
bool begins_anew(const Clauses& clauses, int64_t at) {
  static const std::set<std::string> kVerbs = {"has", "have", "had", "reports", "shows"};
  static const std::set<std::string> kSubjects = {"he", "she", "it", "they", "patient"};
  const std::vector<std::string>& words = clauses.words;
  if (!kVerbs.contains(words[static_cast<size_t>(at)]))
    return false;
  int64_t before = at - 1;
  if (before >= 0 && kSubjects.contains(words[static_cast<size_t>(before)]))
    --before;
  return before >= 0 && (clauses.paused[static_cast<size_t>(before)] ||
                         words[static_cast<size_t>(before)] == "and");
}

/// "Denies: fever, cough"
bool asked_by_cue(const std::vector<std::string>& words, int64_t at,
                  const std::vector<Phrase>& cues) {
  return words[static_cast<size_t>(at)] == kAsks &&
         std::ranges::any_of(
             cues, [&](const Phrase& cue) { return stands_at(words, at - std::ssize(cue), cue); });
}

/// The "no" of "Fever: no, rash: yes", which is about what stands before it.
bool is_reply(const Clauses& clauses, int64_t at) {
  return at > 0 && clauses.words[static_cast<size_t>(at - 1)] == kAsks &&
         clauses.paused[static_cast<size_t>(at)];
}

bool denied_before(const Clauses& clauses, int64_t first) {
  static const std::vector<Phrase> kPhrases = phrases_of(kBefore);
  const std::vector<std::string>& words = clauses.words;
  for (int64_t at = first - 1; at >= std::max<int64_t>(0, first - kReach); --at) {
    if (ends_clause(words, at))
      return asked_by_cue(words, at, kPhrases);
    if (begins_anew(clauses, at))
      return false;
    if (one_stands_at(words, at, kPhrases) && !is_no_cue(words, at))
      return !is_reply(clauses, at);
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

/// "Fever: no, rash: yes" denies the fever, "Fever, no rash" does not.
bool denied_by_reply(const Clauses& clauses, int64_t last) {
  static const std::vector<Phrase> kPhrases = phrases_of(kReplies);
  const std::vector<std::string>& words = clauses.words;
  const int64_t from =
      last < std::ssize(words) && words[static_cast<size_t>(last)] == kAsks ? last + 1 : last;
  return std::ranges::any_of(kPhrases, [&](const Phrase& reply) {
    const int64_t end = from + std::ssize(reply);
    return stands_at(words, from, reply) &&
           (end == std::ssize(words) || clauses.paused[static_cast<size_t>(end - 1)] ||
            ends_clause(words, end) || words[static_cast<size_t>(end)] == "and");
  });
}

}  // namespace

Assertions assertions_of(std::string_view words, std::string_view text) {
  const Clauses clauses = ClauseReader().read(text);
  const std::vector<std::string>& all = clauses.words;
  const Phrase phrase = words_of(words);
  const int64_t length = std::ssize(phrase);
  Assertions found;
  for (int64_t at = 0; length > 0 && at + length <= std::ssize(all); ++at) {
    if (!stands_at(all, at, phrase))
      continue;
    const bool denied = denied_before(clauses, at) || denied_behind(all, at + length) ||
                        denied_by_reply(clauses, at + length);
    (denied ? found.denied : found.affirmed) += 1;
  }
  return found;
}

}  // namespace nelumbo
