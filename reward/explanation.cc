// SPDX-License-Identifier: Apache-2.0
#include "reward/explanation.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/sentence.h"
#include "reward/affirmation.h"
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
bool is_of_word(char c) {
  return is_ascii_letter(c) || c == '\'' || c < 0;
}

bool doubts(std::string_view word) {
  return kDoubting.contains(word);
}

/// The same of what answers a question, and of "it is unclear".
bool leaves_open(std::string_view word) {
  static const Words kOpen = {"unclear", "uncertain", "unknown", "inconclusive", "debatable"};
  return doubts(word) || kOpen.contains(word);
}

/// "isn't", "isn’t"
bool denies(std::string_view word) {
  return kDenying.contains(word) || word.ends_with("n't") || word.ends_with("n’t");
}

/// The same of what is said of another.
bool sets_apart(std::string_view word) {
  static const Words kAlso = {"only", "wrong", "incorrect", "false"};
  return denies(word) || kAlso.contains(word);
}

/// How many words are such.
int64_t counted(std::string_view text, bool (*is_such)(std::string_view)) {
  int64_t count = 0;
  std::string word;
  for (size_t at = 0; at <= text.size(); ++at)
    if (at < text.size() && is_of_word(text[at]))
      word += text[at];
    else
      count += is_such(normalized(std::exchange(word, ""))) ? 1 : 0;
  return count;
}

/// The first match of a pattern at `from` or behind; none: the end of the text.
size_t found_at(const Pattern& pattern, std::string_view text, size_t from) {
  const auto found = pattern.first_in(text, from);
  return found ? found->begin : text.size();
}

/// What a sentence says and, from "because" or the like on, why.
struct Sentence {
  std::string_view whole, claim, reason;
};

std::vector<Sentence> sentences_of(std::string_view text) {
  static const Pattern kWhy =
      Pattern::fixed(R"((?i)\b(((it|this|that)(\s+is|['’]s)\s+)?(because|due\s+to)|since|as)"
                     R"(|given(?=\s+(that|the|this|these|his|her|their|its|an?)\b))"
                     R"(|(explanation|rationale|reason|reasoning)(?=\W*:))\b)");
  std::vector<Sentence> all;
  while (!text.empty()) {
    const std::string_view whole = take_sentence(text);
    const size_t why = found_at(kWhy, whole, 0);
    all.push_back({whole, whole.substr(0, why), whole.substr(why)});
  }
  return all;
}

/// Where a clause of a reason ends.
const Pattern& clause_break() {
  static const Pattern kBreak = Pattern::fixed(R"((?i)[,;\n]|\s(while|whereas)\b)");
  return kBreak;
}

/// How many bytes of a text are one of these names that it begins with.
size_t name_size(std::string_view text, const std::vector<std::string>& names) {
  size_t longest = 0;
  for (const std::string& name : names)
    longest = std::max(longest, begins_with_name(text, name));
  return longest;
}

/// Takes one of these names off the front of a clause, and what leads to it; whether there was one.
bool take_name(std::string_view& clause, const std::vector<std::string>& names) {
  static const Pattern kLead = Pattern::fixed(
      R"(\A([\s,;(\[*"]|((?i:because|since|as|given|that|due|to|and|while|whereas|the|options?|choices?))"
      R"(|an?)\s)+)");
  const auto lead = kLead.first_in(clause);
  const std::string_view rest = clause.substr(lead ? lead->end : size_t{0});
  const size_t size = name_size(rest, names);
  clause = size > 0 ? rest.substr(size) : clause;
  return size > 0;
}

/// Whether a clause of a reason begins with another and denies it, and nothing else: "since the
/// kidney does not". That is said at once, or by "and not".
bool denies_another(std::string_view clause, const std::vector<std::string>& others,
                    const std::vector<std::string_view>& names) {
  static const Pattern kAtOnce = Pattern::fixed(R"(\A\W*(\S+\s*){1,2})");
  static const Pattern kAndNot =
      Pattern::fixed(R"((?i)\sand\s+(not|never)\s+(?!(the|an?|it|this|that|any|others?)\b))");
  if (!take_name(clause, others))
    return false;
  while (clause.starts_with(" and ") && take_name(clause, others)) {
  }
  const std::vector<std::string> own(names.begin(), names.end());
  for (size_t at = 0; at < clause.size(); ++at)
    if (const std::string_view rest = clause.substr(at);
        (at == 0 || !is_of_word(clause[at - 1])) &&
        name_size(rest, others) + name_size(rest, own) > 0)
      return false;
  const auto hedges = [](std::string_view word) { return doubts(word) && !sets_apart(word); };
  const auto begin = kAtOnce.find(clause);
  const bool at_once = begin && begin.value() && counted(*begin.value(), sets_apart) == 1;
  return (at_once || found_at(kAndNot, clause, 0) < clause.size()) &&
         counted(clause, sets_apart) == 1 && counted(clause, hedges) == 0;
}

/// Whether a sentence says of one of the others, or of all, that it is wrong, and no more: "A is
/// incorrect", "The other options are not indicated".
bool denies_outright(std::string_view claim, const std::vector<std::string>& others) {
  static const Pattern kOthers = Pattern::fixed(
      R"((?i)\A[\s,;]*((because|since|as|given|and|while|whereas)\s+)?(that\s+)?((all|the|of)\s+){0,3}((other|remaining)\s+(options|choices|answers|ones)|others|rest)\b)");
  static const Pattern kWrong = Pattern::fixed(
      R"((?i)\A[)\]*"]*\s+(is|are|was|were|would\s+be)\s+((clearly|all|therefore|thus|also)\s+)?)"
      R"((incorrect|wrong|false|contraindicated|inappropriate|not\s+((the|an?)\s+)?)"
      R"((correct|right|best|indicated|appropriate|recommended|needed)(\s+(answer|option|choice))?)[\s.!,*]*\z)");
  const auto all = kOthers.first_in(claim);
  std::string_view rest = claim;
  if (all)
    rest = claim.substr(all->end);
  else if (!take_name(rest, others))
    return false;
  while (!all && take_name(rest, others)) {  // "A, C and D"
  }
  return !rest.empty() && found_at(kWrong, rest, 0) == 0;
}

/// Words for one of the choices, for others, or for some of all: "the last option", "any other
/// letter", "all the others", "option 1".
const std::string kOtherOnes =
    R"(((any|every|each|all|some|many|most|two|three|another|others?|remaining|next|previous)"
    R"(|preceding|following|first|second|third|fourth|fifth|last|final|top|bottom))"
    R"((\s+(the|other|possible|remaining|of\s+(the|these|those)))*)"
    R"(\s+(ones?|options?|choices?|answers?|letters?|alternatives?|possibilit(y|ies)))"
    R"(|(options?|choices?|answers?|letters?|number)\s+(one|two|three|four|five|[1-5]))"
    R"(|(option|choice|answer|letter|one)\s+(before|after|above|below)(\s+(it|this|that))?)"
    R"(|((the|all|any|every|some)\s+)*(any|all|the|every|some)\s+(others?|rest))"
    R"(|(any|all|some|each|most|many|two|three)\s+of\s+the\s+others)"
    R"(|the\s+(first|second|third|fourth|fifth|last|next|previous)|letter\s+[A-E]))";
/// The same with the verb behind them, and "they are all right", "all of them fit".
const std::string kOtherOnesDo =
    R"(\b()" + kOtherOnes +
    R"((\s+(above|below|here|listed|given|too|also|all|just|still|equally|mentioned|shown)){0,3})"
    R"(\s+(is|are|was|were|would|could|may|might|can|will|should|must|fits?|works?|appl(y|ies))"
    R"(|holds?|does|do|seems?|looks?|explains?|stands?|remains?|has|have|suits?|match(es)?))"
    R"((\b|(?=n(o|['’])t\b))\s*)"
    R"(|(they\s+(are|could|may|would)\s+all|everything|anything)"
    R"(|(all|any|each|some|most|many|two|three)(\s+of\s+(them|these|those))?)\s+)"
    R"(((is|are|would|could|may|will)\s+((also|equally|just|be|all)\s+)*)?)"
    R"((do|fits?|works?|apply|applies|right|correct|true|possible|plausible|fine|valid|acceptable|good)\b)"
    R"(|(answer|option|one)\s+(is|must\s+be|would\s+be|should\s+be)\s+(the\s+)?)"
    R"((other|first|second|third|fourth|fifth|last|next|previous)\s+(one|option|letter|answer)\b))";

/// Whether what stands around such words denies them, and does not take that back as "cannot be
/// ruled out" does.
bool sets_others_apart(std::string_view before, std::string_view behind) {
  static const Pattern kLess = Pattern::fixed(
      R"((?i)\b(less|fewer|fail(s|ed)?|lacks?|worse|inferior|ineffective|inappropriate|unsafe)"
      R"(|unrelated|irrelevant|unsuitable|too|only|instead)\b(?!\W*\z))");
  static const Pattern kStands = Pattern::fixed(
      R"((?i)\b(not|no|never|none|neither|nor|hardly|cannot|\w+n['’]t)\b.*)"
      R"(\b(wrong|incorrect|false|excluded|ruled|rejected|eliminated|dismissed|worse|bad|less)"
      R"(|inferior|only|implausible|impossible|inappropriate|untrue)\b)"
      R"(|\bonly\s+(right|correct|true|possible|good|best|one|option|answer|choice|valid)\b)");
  const std::string around = std::string(before) + " " + std::string(behind);
  const bool is_denied =
      counted(around, sets_apart) > 0 || found_at(kLess, around, 0) < around.size();
  return is_denied && found_at(kStands, around, 0) == around.size();
}

/// Whether a clause of a reason denies what it is the reason for: "because it is not B", "Reason:
/// this is not the answer", "I have no idea".
bool denies_itself(std::string_view reason, const std::vector<std::string_view>& names) {
  static const Pattern kIt = Pattern::fixed(
      R"((?i)\b(answer|option|choice|right|correct|best|these|idea|clue|distractor|trap)\b)");
  static const Pattern kOthers = Pattern::fixed(R"((?i)\b(others?|another|remaining|rest)\b)");
  for (size_t at = 0; at < reason.size();) {
    const size_t end = found_at(clause_break(), reason, at + 1);
    const std::string_view clause = reason.substr(at, end - at);
    const bool is_own = std::ranges::any_of(names, [&](std::string_view name) {
      return !denies(normalized(name)) && has_words(clause, name);
    });
    const bool is_it = is_own || found_at(kIt, clause, 0) < clause.size();
    if (is_it && counted(clause, denies) > 0 && found_at(kOthers, clause, 0) == clause.size())
      return true;
    at = end;
  }
  return false;
}

/// How many words a text has, how many of them a sentence has, and how many of these another text
/// has not.
struct Retold {
  int64_t words = 0, told = 0, told_apart = 0;
};

Retold retold(std::string_view sentence, std::string_view text, std::string_view other) {
  constexpr size_t kShortest = 4;  // of words that are no articles and the like
  Retold all;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t from = at;
    while (at < text.size() && is_of_word(text[at]))
      ++at;
    const std::string_view word = text.substr(from, at - from);
    if (word.size() < kShortest)
      continue;
    const bool is_told = has_words(sentence, word);
    ++all.words;
    all.told += is_told ? 1 : 0;
    all.told_apart += is_told && !has_words(other, word) ? 1 : 0;
  }
  return all;
}

}  // namespace

std::optional<ExplanationStart> explanation_start(std::string_view text, size_t from) {
  static const Pattern kReason = Pattern::fixed(
      R"((?i)(?<![.:–—-])[\s,;]{0,4}\s(because|since|due\s+to|given\s+that)\s|,\s*as\s)"
      R"(|\sas\s+(it|this|that|they|these|he|she|there)\s)");
  static const Pattern kStatement = Pattern::fixed(
      R"((?i)\s(is|are|was|were|remains|has|have|will|would|should|can|does|fits|explains)\s)"
      R"(|[.;:]\s|(?<=\*)\s|\n|\s[–—-]\s|\s\(|,\s+which\s)");
  static const Pattern kEnd = Pattern::fixed(R"([.;]\s|(?<=\*\*)\s|\n|\s[–—-]\s)");
  if (from >= text.size())
    return std::nullopt;
  const size_t reason = found_at(kReason, text, from);
  const size_t statement = found_at(kStatement, text, from);
  if (std::min(reason, statement) == text.size())
    return std::nullopt;
  using Kind = ExplanationStart::Kind;
  if (reason <= statement)
    return ExplanationStart{reason, Kind::kReason};
  const bool ends = found_at(kEnd, text, statement) == statement;
  return ExplanationStart{statement, Kind::kStatement, ends};
}

bool speaks_of_others(std::string_view text) {
  static const Pattern kOthers = Pattern::fixed(
      R"((?i)\b((another|other|remaining|next|previous|preceding|first|second|third|fourth|last)\s+)"
      R"((one|option|choice|answer)s?|(the\s+(others|rest|one\s+(before|after|above|below))|others\s+are))"
      R"(|(two|several|many|more|both|no)\s+((right|correct)\s+)?(answers?|options?|choices?))\b)");
  return std::ranges::any_of(sentences_of(text), [&](const Sentence& one) {
    return found_at(kOthers, one.claim, 0) < one.claim.size();
  });
}

bool allows_others(std::string_view text, const std::vector<std::string_view>& names) {
  static const Pattern kOthers = Pattern::fixed("(?i)" + kOtherOnesDo);
  for (size_t at = 0; at < text.size();) {
    const size_t end = found_at(clause_break(), text, at + 1);
    const std::string_view clause = text.substr(at, end - at);
    if (const auto found = kOthers.first_in(clause)) {
      const std::string_view behind = clause.substr(found->end);
      const bool is_own = std::ranges::any_of(
          names, [&](std::string_view name) { return begins_with_name(behind, name) > 0; });
      if (!is_own && !sets_others_apart(clause.substr(0, found->begin), behind))
        return true;
    }
    at = end;
  }
  return false;
}

bool begins_explanation(std::string_view behind) {
  static const Pattern kEnd = Pattern::fixed(R"(\A[\s.;*–—-]+)");
  static const Pattern kHead =
      Pattern::fixed(R"((?i)\A(explanation|rationale|reason|reasoning|justification)\W*:)");
  const auto end = kEnd.first_in(behind);
  std::string_view rest = behind.substr(end ? end->end : 0);
  return kHead.first_in(rest) || is_statement(take_sentence(rest));
}

bool retells_another(std::string_view behind, std::string_view other, std::string_view own) {
  constexpr int64_t kFewest = 2;
  static const Pattern kFirst = Pattern::fixed(R"(\A[\s.;*–—-]*)");
  const auto begin = kFirst.first_in(behind);
  behind.remove_prefix(begin ? begin->end : 0);
  const std::string_view first = take_sentence(behind);
  const Retold as_other = retold(first, other, own), as_own = retold(first, own, other);
  const auto is_most = [](const Retold& one) {
    return one.words >= kFewest && 3 * one.told >= 2 * one.words;
  };
  return is_most(as_other) && (as_other.told_apart > as_own.told_apart || !is_most(as_own));
}

bool only_explains(std::string_view behind, const std::vector<std::string_view>& names) {
  if (asks(behind) || affirms_another(behind, names))
    return false;
  return std::ranges::all_of(sentences_of(behind), [&](const Sentence& one) {
    return counted(one.whole, doubts) == 0 && counted(one.claim, denies) == 0 &&
           only_affirms(one.claim, names) && !denies_itself(one.reason, names);
  });
}

std::optional<bool> stated_plainly(std::string_view text) {
  static const Pattern kFinds =
      Pattern::fixed(R"((?i)\A\W*(\S+\s+){1,6}?(found|did|is|are|was|were)\s+\S)");
  static const Pattern kScarce = Pattern::fixed(
      R"((?i)\b(insufficient|little|scant|inadequate|lack\s+of)\s+([a-z-]+\s+)?evidence\b)");
  const auto states = [&] { return is_statement(text) || found_at(kFinds, text, 0) < text.size(); };
  if (asks(text) || !states() || affirms_another(text))
    return std::nullopt;
  const bool may_be_scarce = text.find("evidence") != text.npos;
  bool is_denied = false;
  for (const Sentence& one : sentences_of(text)) {
    if (counted(one.whole, leaves_open) > 0)
      return std::nullopt;
    is_denied = is_denied || counted(one.claim, denies) > 0 ||
                (may_be_scarce && found_at(kScarce, one.claim, 0) < one.claim.size());
  }
  return !is_denied;
}

std::string without_denied(std::string_view text, const std::vector<std::string>& others,
                           const std::vector<std::string_view>& names) {
  std::string kept;
  for (const Sentence& one : sentences_of(text)) {
    kept += denies_outright(one.claim, others) ? std::string_view(". ") : one.claim;
    for (size_t at = 0; at < one.reason.size();) {
      const size_t end = found_at(clause_break(), one.reason, at + 1);
      const std::string_view clause = one.reason.substr(at, end - at);
      const bool is_denied =
          denies_another(clause, others, names) || denies_outright(clause, others);
      kept += is_denied ? std::string_view(" ") : clause;
      at = end;
    }
  }
  return kept;
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
