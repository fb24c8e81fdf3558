// SPDX-License-Identifier: Apache-2.0
//
// The one trap: a comma parts the items of a list as well as two statements; it parts statements
// where what follows has a predicate of its own and the list does not go on with "or".
#include "reward/clause_scope.h"

#include <algorithm>
#include <cstddef>
#include <set>

namespace nelumbo {

namespace {

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

}  // namespace

int64_t ClauseScope::end_of_part() const {
  int64_t end = last_;
  while (!is_boundary(end) && end < last_ + kReach)
    ++end;
  return end;
}

bool ClauseScope::is_state(int64_t at) const {
  return kVerbs.contains(word(at));
}

bool ClauseScope::is_telling(int64_t at) const {
  return kTelling.contains(word(at));
}

bool ClauseScope::is_presence(int64_t at) const {
  return kPresent.contains(word(at));
}

bool ClauseScope::is_aside(int64_t at, int64_t end) const {
  static const std::set<std::string> kAside = {"when", "after", "before", "once", "while", "even"};
  if (!kAside.contains(word(at)))
    return false;
  return is_boundary(at + 1) || (end <= first_ && (is_boundary(at) || is_boundary(at - 1)));
}

bool ClauseScope::says_something(int64_t begin, int64_t end) const {
  if (word(begin) == "that")
    return false;
  const int64_t farthest = std::min(size(), last_ + kReach);
  for (int64_t at = begin; at < farthest && !(roles(at) & kEndsClause); ++at)
    if (is_or(at) && (at < end || is_boundary(at)))
      return false;
  for (int64_t at = begin; at < end; at += std::max<int64_t>(1, length(at))) {
    if (at < first_ || at >= last_)
      if (is_verb(at) || is_presence(at) || is_measured(at))
        return roles(at) == 0;
  }
  return false;
}

/// The 39 of "fever 39" and "fever of 39", the "x3" of "fever x3 days".
bool ClauseScope::is_measured(int64_t at) const {
  static const std::set<std::string> kOf = {"of", "to", "at", "for", "x"};
  const size_t digit = word(at).find_first_of("0123456789");
  return (digit == 0 || (digit == 1 && word(at).starts_with('x'))) &&
         (at == last_ || (at == last_ + 1 && kOf.contains(word(last_))));
}

bool ClauseScope::begins_anew(int64_t at) const {
  constexpr int64_t kLongestSubject = 3;
  if (!is_telling(at) || length(at) > 0)
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

}  // namespace nelumbo
