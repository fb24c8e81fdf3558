// SPDX-License-Identifier: Apache-2.0
//
// Scopes of the cues of reward/negation_cues.h: from a finding to the left as far as its clause
// goes (reward/clause_scope.h), to the right as long as the words are still about it.
#include "reward/negation.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "reward/clause_scope.h"
#include "reward/finding_context.h"
#include "reward/negation_cues.h"

namespace nelumbo {

namespace {

constexpr int64_t kReachBack = 12;

/// One occurrence of a finding: the words [first, last).
class Finding : private ClauseScope {
 public:
  using ClauseScope::ClauseScope;

  bool is_denied() const {
    if (is_free())
      return !is_behind_cue();
    return denied_before() || denied_behind() || denied_by_reply(last_);
  }

 private:
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
    int64_t end = end_of_part();
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

  /// Whether a verb follows in this part of the clause.
  bool has_verb(int64_t begin) const {
    const int64_t farthest = begin + kReach;
    for (int64_t at = begin; at < farthest && !is_boundary(at) && word(at) != "and" && !is_or(at);
         ++at)
      if (is_state(at) && word(at) != "are" && word(at) != "were")
        return true;
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
      if (is_presence(at) || (joins && has_verb) || (roles(at) & kDeniesNext))
        return false;
      has_verb = has_verb || is_state(at);
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
      if (is_telling(at) || word(at) == "with")
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
    if (Finding(clauses, at, at + length).is_denied())
      ++found.denied;
    else if (FindingContext(clauses, at, at + length).is_claimed())
      ++found.affirmed;
    else
      ++found.open;
  }
  return found;
}

}  // namespace nelumbo
