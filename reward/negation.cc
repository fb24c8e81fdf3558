// SPDX-License-Identifier: Apache-2.0
//
// Scopes of the cues of reward/negation_cues.h: from a finding to the left as far as its clause
// goes, to the right as long as the words are still about it. The one trap: a comma parts the items
// of a list as well as two statements; it parts statements where what follows has a predicate of
// its own and the list does not go on with "or".
#include "reward/negation.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "reward/negation_cues.h"

namespace nelumbo {

namespace {

constexpr int64_t kReach = 30;
constexpr int64_t kReachBack = 12;

const std::set<std::string> kVerbs = {
    "is",       "was",      "are",       "were",     "has",       "have",
    "had",      "persists", "persisted", "persist",  "continues", "continued",
    "remains",  "remained", "started",   "began",    "begins",    "developed",
    "develops", "appeared", "appears",   "occurred", "occurs",    "came",
    "rose",     "spiked",   "increased", "worsened", "suggests",  "rises",
    "returned", "returns",  "recurred",  "suggest",  "indicates", "means"};
/// Verbs of those who tell of findings: "and reports fever".
const std::set<std::string> kTelling = {
    "has",       "have",     "had",      "reports", "reported", "shows",     "showed",
    "complains", "presents", "endorses", "admits",  "notes",    "describes", "developed",
    "develops",  "reveals",  "reveal",   "feels",   "suffers",  "confirms",  "presented"};
const std::set<std::string> kPresent = {"present",    "noted",      "seen",     "found",
                                        "observed",   "detected",   "reported", "positive",
                                        "identified", "documented", "evident",  "visible",
                                        "confirmed",  "there",      "yes",      "y"};

/// One occurrence of a finding: the words [first, last).
class Finding {
 public:
  Finding(const Clauses& clauses, int64_t first, int64_t last)
      : clauses_(clauses), first_(first), last_(last) {}

  bool is_denied() const {
    if (is_free())
      return !is_behind_cue();
    return denied_before() || denied_behind() || denied_by_reply(last_);
  }

 private:
  int64_t size() const { return std::ssize(clauses_.words); }
  const std::string& word(int64_t at) const { return clauses_.words[static_cast<size_t>(at)]; }
  char pause(int64_t at) const { return clauses_.pauses[static_cast<size_t>(at)]; }
  unsigned roles(int64_t at) const { return clauses_.roles[static_cast<size_t>(at)]; }
  int64_t length(int64_t at) const { return clauses_.lengths[static_cast<size_t>(at)]; }
  bool is_stop(int64_t at) const {
    return word(at) == Clauses::kStop || word(at) == Clauses::kAsks;
  }
  bool is_or(int64_t at) const { return word(at) == "or" || word(at) == "nor"; }
  /// Whether a part of a clause ends behind the word before `at`.
  bool is_boundary(int64_t at) const {
    return at <= 0 || at >= size() || is_stop(at - 1) || is_stop(at) || pause(at - 1) != 0;
  }

  /// "fever-free", "fever free since Monday", "fever-less"
  bool is_free() const {
    static const std::set<std::string> kOfTime = {"of",     "from", "interval", "intervals",
                                                  "period", "days", "survival", "gap"};
    if (last_ >= size())
      return false;
    const bool is_glued = clauses_.glued[static_cast<size_t>(last_ - 1)];
    if (word(last_) == "less")
      return is_glued;
    return word(last_) == "free" && pause(last_ - 1) == 0 &&
           (last_ + 1 >= size() || !kOfTime.contains(word(last_ + 1)));
  }

  /// The "not" of "is not fever-free".
  bool is_behind_cue() const {
    for (int64_t at = first_ - 1; at >= std::max<int64_t>(0, first_ - 3); --at)
      if ((roles(at) & kDeniesNext) && at + length(at) == first_)
        return pause(first_ - 1) == 0;
    return false;
  }

  bool denied_before() const {
    int64_t end = last_;  // of the part of the clause that is looked through
    while (!is_boundary(end) && end < last_ + kReach)
      ++end;
    bool has_and = false, is_in_bracket = false;
    for (int64_t at = first_ - 1; at >= std::max<int64_t>(0, first_ - kReach); --at) {
      if ((roles(at) & kEndsClause) && !is_aside(at, end))
        return word(at) == Clauses::kAsks && is_asked_by_cue(at);
      if (pause(at) == ',' || (pause(at) == '(' && !std::exchange(is_in_bracket, false))) {
        if (!is_aside(at + 1, end) && says_something(at + 1, end))
          return false;
        end = at + 1;
      }
      is_in_bracket = is_in_bracket || pause(at) == ')';
      if (word(at) == "and" && end >= last_ && !std::exchange(has_and, true) && has_verb(last_))
        return false;
      if (begins_anew(at))
        return false;
      if ((roles(at) & kDeniesNext) && at + length(at) <= first_ && reaches(at))
        return !is_used_up(at) && !is_beside(at) && !is_lifted(at);
    }
    return false;
  }

  /// The "when he is asked" of "Denies, when he is asked, fever": a part of its own, [at, end) or
  /// begun a word earlier, before that of the finding. So is "in the weeks before".
  bool is_aside(int64_t at, int64_t end) const {
    static const std::set<std::string> kAside = {"when", "after", "before",
                                                 "once", "while", "even"};
    if (!kAside.contains(word(at)))
      return false;
    return is_boundary(at + 1) || (end <= first_ && (is_boundary(at) || is_boundary(at - 1)));
  }

  /// "non" denies the next word alone, and so does "resolved": "Rash resolved with fever."
  bool reaches(int64_t at) const {
    return (word(at) != "non" && word(at) != "resolved") || at + 1 == first_;
  }

  /// The "no" of "Fever: no, rash: yes" and of "No, he has fever", the "absent" of "Cough absent,
  /// fever": they are about what stands before them.
  bool is_used_up(int64_t at) const {
    const int64_t end = at + length(at);
    if (!(roles(at) & kReplies))
      return false;
    if (word(end) == "and")
      return word(at) != "no" && !is_boundary(at);
    const bool opens = pause(end - 1) == ')' && (at == 0 || is_stop(at - 1));  // "ROS: (-) fever"
    return is_boundary(end) && pause(end - 1) != '(' && !opens;
  }

  /// The "anything but" of "never had anything but fever": denied itself, it denies nothing.
  bool is_lifted(int64_t cue) const {
    if (word(cue) != "anything")
      return false;
    for (int64_t at = cue - 1; at >= 0 && !(roles(at) & kEndsClause) && !is_boundary(at + 1); --at)
      if (roles(at) & kDeniesNext)
        return true;
    return false;
  }

  /// The fever of "Cough without sputum, and fever": the cue is about one thing beside the cough,
  /// and the comma ends that. Of "He came without cough, and fever" it does not.
  bool is_beside(int64_t cue) const {
    static const std::set<std::string> kNoFindings = {
        "patient", "he",    "she",    "they",   "man",   "woman",    "boy",    "girl", "child",
        "infant",  "baby",  "male",   "female", "came",  "admitted", "comes",  "well", "still",
        "seen",    "lives", "walked", "feels",  "felt",  "today",    "now",    "also", "but",
        "person",  "and",   "adult",  "mother", "slept", "arrived",  "arrives"};
    const bool has_with = cue > 0 && word(cue - 1) == "with";
    const int64_t begin = has_with ? cue - 1 : cue;
    if ((!has_with && word(cue) != "without") || is_boundary(begin) || is_verb(begin - 1) ||
        kNoFindings.contains(word(begin - 1)))
      return false;
    int64_t commas = 0, last = 0;
    for (int64_t at = cue; at < first_; ++at)
      if (pause(at) != 0) {
        ++commas;
        last = at;
      }
    return commas == 1 && pause(last) == ',' && word(last + 1) == "and";
  }

  /// "Denies: fever, cough", "Not present: fever", "Absent findings: fever", "None of: fever"
  bool is_asked_by_cue(int64_t colon) const {
    static const std::set<std::string> kEmpty = {
        "findings",  "symptoms", "signs", "features", "complaints", "diagnoses", "evidence",
        "following", "have",     "has",   "had",      "of",         "any",       "the"};
    int64_t end = colon;
    while (end > 0 && kEmpty.contains(word(end - 1)))
      --end;
    for (int64_t at = end - 1; at >= std::max<int64_t>(0, end - 3) && !is_stop(at); --at) {
      const bool is_heading = (roles(at) & kReplies) && word(at).size() > 1 && is_boundary(at);
      if (at + std::max<int64_t>(1, length(at)) == end &&
          (is_heading || word(at) == "negative" || (roles(at) & kDeniesNext)))
        return true;
    }
    return false;
  }

  /// Whether the part [begin, end) of the clause, behind a comma, says something by itself: no list
  /// goes on there, and a verb or a number tells that something is there.
  bool says_something(int64_t begin, int64_t end) const {
    if (word(begin) == "that")
      return false;
    const int64_t farthest = std::min(size(), last_ + kReach);
    for (int64_t at = begin; at < farthest && !(roles(at) & kEndsClause); ++at)
      if (is_or(at) && (at < end || is_boundary(at)))
        return false;
    for (int64_t at = begin; at < end; at += std::max<int64_t>(1, length(at))) {
      if (at < first_ || at >= last_)
        if (is_verb(at) || kPresent.contains(word(at)) || is_measured(at))
          return roles(at) == 0;
    }
    return false;
  }

  /// The 39 of "fever 39" and "fever of 39", the "x3" of "fever x3 days".
  bool is_measured(int64_t at) const {
    static const std::set<std::string> kOf = {"of", "to", "at", "for", "x"};
    const size_t digit = word(at).find_first_of("0123456789");
    return (digit == 0 || (digit == 1 && word(at).starts_with('x'))) &&
           (at == last_ || (at == last_ + 1 && kOf.contains(word(last_))));
  }

  bool is_verb(int64_t at) const {
    return kVerbs.contains(word(at)) || kTelling.contains(word(at));
  }

  /// Whether a verb follows in this part of the clause.
  bool has_verb(int64_t begin) const {
    const int64_t farthest = begin + kReach;
    for (int64_t at = begin; at < farthest && !is_boundary(at) && word(at) != "and" && !is_or(at);
         ++at)
      if (kVerbs.contains(word(at)) && word(at) != "are" && word(at) != "were")
        return true;
    return false;
  }

  /// "No cough, has fever", "no cough and the mother has fever": a verb, and few words before it a
  /// pause, or "and".
  bool begins_anew(int64_t at) const {
    constexpr int64_t kLongestSubject = 3;
    if (!kTelling.contains(word(at)) || length(at) > 0)
      return false;
    for (int64_t before = at - 1; before >= std::max<int64_t>(0, at - 1 - kLongestSubject);
         --before) {
      if (roles(before) != 0 || word(before) == "that")
        return false;
      if (pause(before) != 0 || word(before) == "and")
        return true;
    }
    return false;
  }

  /// The "denied" of "was specifically denied".
  bool follows_being(int64_t at) const {
    static const std::set<std::string> kBeing = {"is", "was", "are", "were", "been"};
    const bool has_adverb = at - 1 > last_ && word(at - 1).ends_with("ly");
    return has_adverb && kBeing.contains(word(at - 2));
  }

  bool denied_behind() const {
    bool has_verb = false, has_and = false, is_over_comma = pause(last_ - 1) == ',';
    for (int64_t at = last_; at < std::min(size(), last_ + kReachBack); ++at) {
      is_over_comma =
          is_over_comma || (at > last_ && (pause(at - 1) != 0 || pause(last_ - 1) != 0));
      if (word(at) == Clauses::kAsks)
        return (!is_over_comma || is_in_brackets(at) ||
                (at + 1 < size() && word(at + 1) == "none")) &&
               denied_by_reply(at);
      if (roles(at) & kEndsClause)
        return false;
      const bool is_plural =
          has_and && (word(at) == "are" || word(at) == "were" || word(at) == "have");
      if ((roles(at) & kDeniesPrevious) && (!is_over_comma || is_plural || at == last_))
        return true;
      const bool is_initial = word(at) == "n" && at > last_;  // "fever in group N"
      if ((roles(at) & kReplies) && !is_over_comma && (!has_verb || follows_being(at)) &&
          !is_initial && denied_by_reply(at))
        return true;
      const bool joins = word(at) == "and" || is_or(at);
      if (word(at) == "and" && is_object())
        return false;
      has_and = has_and || joins;
      if (kPresent.contains(word(at)) || (joins && has_verb) || (roles(at) & kDeniesNext))
        return false;
      has_verb = has_verb || kVerbs.contains(word(at));
      at += std::max<int64_t>(0, length(at) - 1);
    }
    return false;
  }

  /// The fever of "he had fever and the cough subsided": a verb stands before it in its part of the
  /// clause, so that what follows the "and" is said of something else.
  bool is_object() const {
    constexpr int64_t kFarthest = 4;
    for (int64_t at = first_ - 1;
         at >= std::max<int64_t>(0, first_ - kFarthest) && !is_boundary(at + 1); --at)
      if (kTelling.contains(word(at)) || word(at) == "with")
        return roles(at) == 0;
    return false;
  }

  /// The "(subjective)" of "Fever (subjective): no".
  bool is_in_brackets(int64_t colon) const {
    bool is_one = pause(last_ - 1) == '(' && colon > last_ && pause(colon - 1) == ')';
    for (int64_t at = last_; at + 1 < colon; ++at)
      is_one = is_one && pause(at) == 0;
    return is_one;
  }

  /// "Fever: no, rash: yes" denies the fever, "Fever, no rash" does not; "HIV-negative woman".
  bool denied_by_reply(int64_t behind) const {
    const int64_t at = behind < size() && word(behind) == Clauses::kAsks ? behind + 1 : behind;
    if (at >= size())
      return false;
    const bool is_glued = at == last_ && clauses_.glued[static_cast<size_t>(at - 1)];
    if (at == last_ && word(at) == "free")
      return false;  // is_free() has looked at it
    const bool is_question = at > behind && word(at) == "denies";
    if (!(roles(at) & kReplies) && !is_question)
      return false;
    const int64_t end = behind_empty_words(at + length(at));
    return is_glued || is_boundary(end) || (roles(end) & kEndsClause) || word(end) == "and";
  }

  /// Of "Fever: no evidence of it", "Fever: none whatsoever": they add nothing to a reply.
  int64_t behind_empty_words(int64_t at) const {
    static const std::set<std::string> kEmpty = {
        "evidence",   "sign",    "signs", "trace", "of",       "it",    "that",
        "whatsoever", "at",      "all",   "seen",  "reported", "noted", "found",
        "observed",   "present", "so",    "far",   "today",    "now"};
    while (!is_boundary(at) && kEmpty.contains(word(at)))
      ++at;
    return at;
  }

  const Clauses& clauses_;
  int64_t first_, last_;
};

}  // namespace

Assertions assertions_of(std::string_view words, std::string_view text) {
  const Clauses clauses = clauses_of(text);
  const std::vector<std::string> phrase = clauses_of(words).words;
  const int64_t length = std::ssize(phrase);
  Assertions found;
  for (int64_t at = 0; length > 0 && at + length <= std::ssize(clauses.words); ++at) {
    if (!std::equal(phrase.begin(), phrase.end(), clauses.words.begin() + at))
      continue;
    const bool denied = Finding(clauses, at, at + length).is_denied();
    (denied ? found.denied : found.affirmed) += 1;
  }
  return found;
}

}  // namespace nelumbo
