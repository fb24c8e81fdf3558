// SPDX-License-Identifier: Apache-2.0
//
// After NegEx (W. Chapman et al., J. Biomed. Inform. 34, 2001) and ConText (Harkema et al., J.
// Biomed. Inform. 42, 2009), with lists of our own. The one trap: longer phrases are looked for
// first and their words used up, so that "not only" is not read as "not", and the "not" of "was not
// seen" says nothing about what follows.
#include "reward/negation_cues.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "base/replace_all.h"
#include "corpus/unicode.h"

namespace nelumbo {

namespace {

using Words = std::vector<std::string_view>;

const Words kDenying = {
    "no",        "not",         "without",  "denies",     "denied",    "deny",        "denying",
    "negatives", "absent",      "never",    "lacks",      "lacking",   "lacked",      "neither",
    "nor",       "none",        "unlikely", "improbable", "excludes",  "excluded",    "exclude",
    "nobody",    "nothing",     "doubt",    "doubts",     "doubted",   "doubtful",    "hardly",
    "zero",      "refutes",     "refuted",  "disproves",  "disproved", "nonexistent", "nowhere",
    "non",       "contradicts", "sans",     "minus"};
const Words kDenyingPhrases = {
    "denial of",        "negative for",      "absence of",        "free of",
    "free from",        "clear of",          "rules out",         "ruled out",
    "rule out",         "ruling out",        "lack of",           "failed to",
    "fails to",         "fail to",           "unable to",         "instead of",
    "rather than",      "false that",        "devoid of",         "argues against",
    "argue against",    "argued against",    "speaks against",    "speak against",
    "evidence against", "inconsistent with", "incompatible with", "non existent",
    "not yet",          "little evidence",   "little to suggest", "unremarkable for",
    "wrong to say",     "wrong that",        "all but",           "all except",
    "everything but",   "everything except"};
const Words kDenyingBack = {"never",
                            "went away",
                            "has resolved",
                            "have resolved",
                            "has subsided",
                            "has disappeared",
                            "nowhere",
                            "nowhere to be found",
                            "nowhere to be seen",
                            "nowhere to be heard",
                            "does not exist",
                            "do not exist",
                            "did not exist",
                            "did not occur",
                            "since resolved",
                            "long resolved"};
const Words kReplying = {
    "no",          "none",           "nil",           "never",          "absent",
    "negative",    "denied",         "false",         "excluded",       "ruled out",
    "unlikely",    "free",           "doubtful",      "resolved",       "improbable",
    "nonexistent", "non existent",   "disproved",     "disproven",      "refuted",
    "0",           "absolutely not", "certainly not", "definitely not", "not at all"};
const Words kEnding = {"but",        "however", "although",    "though",       "except",
                       "yet",        "because", "rather",      "which",        "who",
                       "therefore",  "while",   "whereas",     "apart from",   "other than",
                       "aside from", "besides", "due to",      "secondary to", "caused by",
                       "owing to",   "despite", "in spite of", "nevertheless", "nonetheless",
                       "instead",    "only",    "hence",       "thus",         "until",
                       "when",       "after",   "before",      "once",         "given"};
/// What is doubted may follow, or stand before: "it is unlikely that", "fever is unlikely to be".
const Words kDoubting = {"unlikely that",    "unlikely to", "doubtful that",
                         "doubtful whether", "doubtful if", "improbable that"};
/// Deny by themselves; behind "not" they affirm.
const Words kNegative = {"absent",
                         "denied",
                         "excluded",
                         "ruled out",
                         "unlikely",
                         "negative",
                         "doubtful",
                         "missing",
                         "gone",
                         "improbable",
                         "in doubt",
                         "nonexistent",
                         "non existent",
                         "disproved",
                         "disproven",
                         "refuted",
                         "nowhere",
                         "nowhere to be found",
                         "nowhere to be seen",
                         "no more",
                         "nil",
                         "untrue",
                         "lacking",
                         "wanting",
                         "impossible",
                         "out of the question",
                         "a myth",
                         "unsupported",
                         "unproven"};
/// "Was not found to have fever."
const Words kToHave = {"found to have", "noted to have", "known to have", "reported to have",
                       "seen to have"};
const Words kNegativeVerbs = {
    "exclude",        "rule out", "be excluded", "be ruled out", "been excluded", "deny",
    "been ruled out", "doubt",    "doubted",     "without",      "lack",          "lacking",
    "free",           "resolved", "disappeared", "subsided",     "be denied",     "been denied",
    "ignore",         "overlook", "miss",        "forget",       "neglect",       "dismiss"};
/// What is said to be there, or with "not" in front not to be.
const Words kShown = {
    "present",   "seen",       "noted",     "found",    "detected",     "observed",    "identified",
    "there",     "reported",   "evident",   "visible",  "demonstrated", "appreciated", "suspected",
    "likely",    "documented", "recorded",  "apparent", "palpable",     "confirmed",   "supported",
    "diagnosed", "endorsed",   "mentioned", "elicited", "indicated",    "shown",       "described",
    "known",     "possible",   "probable",  "proven"};
/// "Fever is not high": it is there.
const Words kOfDegree = {
    "high",      "severe",    "mild",      "bad",        "new",          "responding",
    "improving", "improved",  "resolving", "subsiding",  "worse",        "worsening",
    "better",    "unusual",   "uncommon",  "surprising", "unexpected",   "controlled",
    "relieved",  "going",     "only",      "just",       "due",          "caused",
    "related",   "explained", "treated",   "acute",      "chronic",      "significant",
    "massive",   "large",     "extensive", "that",       "the cause of", "too"};
/// "Fever never went away", "fever did not improve".
const Words kGoing = {"went",    "left", "stopped", "abated",  "improved", "broke", "improve",
                      "resolve", "go",   "stop",    "respond", "subside",  "abate"};
const Words kHappening = {"occur", "exist",  "develop",  "appear",    "arise",
                          "recur", "return", "occurred", "developed", "appeared"};
const Words kNoDenial = {"no doubt",
                         "no increase",
                         "no change",
                         "no longer than",
                         "no further",
                         "no improvement",
                         "no relief",
                         "no resolution",
                         "no decrease",
                         "no reduction",
                         "no less",
                         "no question",
                         "no wonder",
                         "no surprise",
                         "no denying",
                         "not only",
                         "not just",
                         "not simply",
                         "not merely",
                         "not necessarily",
                         "not certain",
                         "not sure",
                         "without doubt",
                         "without a doubt",
                         "without question",
                         "beyond doubt",
                         "beyond a doubt",
                         "at present",
                         "not until",
                         "unable to exclude",
                         "unable to rule out",
                         "failed to exclude",
                         "impossible to deny",
                         "impossible to exclude",
                         "impossible to rule out",
                         "no evidence against",
                         "nowhere near",
                         "no cause",
                         "no cure",
                         "no source",
                         "no explanation",
                         "no reason",
                         "no one could miss",
                         "no one can miss",
                         "nobody could miss"};

/// All phrases by their first word, longest first.
class PhraseTable {
 public:
  struct Phrase {
    std::vector<std::string> words;
    unsigned roles = 0;
  };

  PhraseTable() {
    add(kDenying, kDeniesNext);
    add(kDenyingPhrases, kDeniesNext);
    add(kDenyingBack, kDeniesPrevious);
    add(kReplying, kReplies);
    add(kEnding, kEndsClause);
    add(kDoubting, kDeniesNext);
    add(kNoDenial, 0);
    for (const std::string being : {"is", "was", "are", "were", "been", "be", "seems", "appears",
                                    "seem", "appear", "remains", "remained"})
      add_being(being + " ");
    for (const std::string_view negation : {"not ", "never "}) {
      add(kToHave, kDeniesNext, negation);
      add(kShown, kDeniesPrevious | kReplies, negation);
      add(kHappening, kDeniesPrevious, negation);
      add(kGoing, 0, negation);
      add(kNegative, 0, negation);
      add(kNegativeVerbs, 0, negation);
    }
    add(kShown, kDeniesPrevious, "not been ");
    add(kShown, kDeniesPrevious, "not be ");
    add(kShown, kDeniesPrevious, "no longer ");
    add({"no longer"}, kDeniesNext | kDeniesPrevious);
    for (auto& [first, phrases] : table_)
      std::ranges::stable_sort(phrases, std::ranges::greater(),
                               [](const Phrase& one) { return one.words.size(); });
  }

  /// The longest phrase that stands at a place; none where none does.
  const Phrase* at(const std::vector<std::string>& words, size_t place) const {
    const auto known = table_.find(words[place]);
    if (known == table_.end())
      return nullptr;
    for (const Phrase& phrase : known->second)
      if (place + phrase.words.size() <= words.size() &&
          std::equal(phrase.words.begin(), phrase.words.end(),
                     words.begin() + static_cast<std::ptrdiff_t>(place)))
        return &phrase;
    return nullptr;
  }

 private:
  void add_being(const std::string& being) {
    add(kNegative, kDeniesPrevious, being);
    add(kDoubting, kDeniesNext | kDeniesPrevious, being);
    add(kNegative, kDeniesPrevious, being + "all ");
    add(kNegative, kDeniesPrevious, being + "both ");
    add(kToHave, kDeniesNext, being + "not ");
    add(kToHave, kDeniesNext, being + "never ");
    add({"not"}, kDeniesNext | kDeniesPrevious, being);
    add({"no longer"}, kDeniesNext | kDeniesPrevious, being);
    for (const Words* shown : {&kShown, &kHappening}) {
      add(*shown, kDeniesPrevious, being + "not ");
      add(*shown, kDeniesPrevious, being + "no longer ");
    }
    for (const Words* there : {&kOfDegree, &kNegative, &kNegativeVerbs})
      add(*there, 0, being + "not ");
    add(kNegative, 0, being + "not yet ");
    add({"nowhere near", "impossible to deny", "impossible to exclude", "impossible to rule out"},
        0, being);
  }

  /// Later ones take the place of the same; roles of one phrase in several lists add up.
  void add(const Words& texts, unsigned roles, std::string_view head = "") {
    for (const std::string_view text : texts) {
      std::vector<std::string> words = words_of(std::string(head) + std::string(text));
      std::vector<Phrase>& same = table_[words.front()];
      const auto known = std::ranges::find(same, words, &Phrase::words);
      if (known != same.end())
        known->roles = roles == 0 ? 0 : known->roles | roles;
      else
        same.push_back({std::move(words), roles});
    }
  }

  std::map<std::string, std::vector<Phrase>> table_;
};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "can", "not" of "can't"; empty for what is no short form.
std::vector<std::string> written_out(const std::string& word) {
  static const std::map<std::string, std::string> kForms = {
      {"isn", "is"},   {"wasn", "was"},     {"aren", "are"},       {"weren", "were"},
      {"hasn", "has"}, {"haven", "have"},   {"hadn", "had"},       {"doesn", "does"},
      {"don", "do"},   {"didn", "did"},     {"couldn", "could"},   {"can", "can"},
      {"won", "will"}, {"wouldn", "would"}, {"shouldn", "should"}, {"ain", "is"}};
  const auto known = kForms.find(word);
  return known == kForms.end() ? std::vector<std::string>()
                               : std::vector<std::string>{known->second, "not"};
}

/// Takes a text to pieces, character by character.
class ClauseReader {
 public:
  Clauses read(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool between = i > 0 && i + 1 < text.size() && is_alphanumeric(text[i - 1]) &&
                           is_alphanumeric(text[i + 1]);
      const bool inside_number = c == '.' && between && text[i + 1] <= '9';
      if (c == '-' && between)
        glue();
      else if (inside_number || std::string_view(".;:!?\n,()[]|").find(c) == std::string_view::npos)
        piece_ += c;
      else
        mark(c);
    }
    flush();
    return std::move(clauses_);
  }

 private:
  void flush() {
    const std::vector<std::string> words = words_of(piece_);
    piece_.clear();
    for (size_t i = 0; i < words.size(); ++i) {
      const bool ends_in_t = i + 1 < words.size() && words[i + 1] == "t";
      std::vector<std::string> whole = written_out(words[i]);
      const bool is_fused = words[i].size() > 3 && words[i].ends_with('t');
      if (ends_in_t && !whole.empty()) {
        ++i;
      } else if (words[i] == "cannot") {
        whole = {"can", "not"};
      } else if (words[i] == "w" && i + 1 < words.size() && words[i + 1] == "o") {
        whole = {"without"};
        ++i;
      } else {
        whole = is_fused ? written_out(words[i].substr(0, words[i].size() - 1))
                         : std::vector<std::string>();
        if (whole.empty())
          whole = {words[i]};
      }
      for (std::string& word : whole)
        push(std::move(word));
    }
  }

  void push(std::string word) {
    clauses_.words.push_back(std::move(word));
    clauses_.pauses.push_back(0);
    clauses_.glued.push_back(false);
  }

  void glue() {
    flush();
    if (!clauses_.glued.empty())
      clauses_.glued.back() = true;
  }

  void mark(char c) {
    flush();
    if (c == ':' || c == '?')
      push(Clauses::kAsks);
    else if (std::string_view(".;!\n").find(c) != std::string_view::npos)
      push(Clauses::kStop);
    else if (!clauses_.pauses.empty() && clauses_.pauses.back() == 0)
      clauses_.pauses.back() = c == ',' || c == ')' ? c : c == ']' ? ')' : '(';
  }

  Clauses clauses_;
  std::string piece_;
};

}  // namespace

Clauses clauses_of(std::string_view text) {
  static const PhraseTable kPhrases;
  std::string plain(text);
  replace_all(&plain, "(-)", "(no)");
  Clauses clauses = ClauseReader().read(plain);
  const size_t n = clauses.words.size();
  clauses.roles.assign(n, 0);
  clauses.lengths.assign(n, 0);
  for (size_t i = 0; i < n; ++i) {
    if (clauses.words[i] == Clauses::kStop || clauses.words[i] == Clauses::kAsks) {
      clauses.roles[i] = kEndsClause;
    } else if (const PhraseTable::Phrase* const phrase = kPhrases.at(clauses.words, i)) {
      clauses.roles[i] = phrase->roles;
      clauses.lengths[i] = std::ssize(phrase->words);
      i += phrase->words.size() - 1;
    }
  }
  return clauses;
}

}  // namespace nelumbo
