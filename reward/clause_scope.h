// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "reward/negation_cues.h"

namespace nelumbo {

/// One occurrence of a finding, the words [first, last), and how far its clause goes: from there to
/// the left, over the commas of a list, up to where something else is said.
class ClauseScope {
 public:
  ClauseScope(const Clauses& clauses, int64_t first, int64_t last)
      : clauses_(clauses), first_(first), last_(last) {}

 protected:
  static constexpr int64_t kReach = 30;  ///< words that a cue reaches over

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
  /// Where the part of the clause ends that the finding stands in.
  int64_t end_of_part() const;

  /// "is", "persists", "suggests"
  bool is_state(int64_t at) const;
  /// Of those who tell of findings: the "reports" of "and reports fever".
  bool is_telling(int64_t at) const;
  bool is_verb(int64_t at) const { return is_state(at) || is_telling(at); }
  /// "present", "seen", "yes"
  bool is_presence(int64_t at) const;

  /// The "when he is asked" of "Denies, when he is asked, fever": a part of its own, [at, end) or
  /// begun a word earlier, before that of the finding. So is "in the weeks before".
  bool is_aside(int64_t at, int64_t end) const;
  /// Whether the part [begin, end) of the clause, behind a comma, says something by itself: no list
  /// goes on there, and a verb or a number tells that something is there.
  bool says_something(int64_t begin, int64_t end) const;
  /// "No cough, has fever", "no cough and the mother has fever": a verb, and few words before it a
  /// pause, or "and".
  bool begins_anew(int64_t at) const;

  const Clauses& clauses_;
  int64_t first_, last_;

 private:
  bool is_measured(int64_t at) const;
};

}  // namespace nelumbo
