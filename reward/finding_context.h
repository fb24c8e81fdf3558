// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reward/clause_scope.h"

namespace nelumbo {

/// Phrases in words, by the first.
using PhrasesByWord = std::map<std::string, std::vector<std::vector<std::string>>>;

/// Whether a finding that nobody denies is said of the patient, now and for certain. It is not
/// where its clause has a cue for
///
///   another person   "family history of fever", "his mother had fever", "fever in her brother"; of
///                    "his mother reports fever" the patient has it
///   what may come    "return if fever develops", "risk of fever", "watch for fever", "measles
///                    vaccine"; "If there is no rash, the fever .." says something behind the comma
///   doubt            "possible fever", "fever?", "fever is suspected", "may be fever", "fever was
///                    not excluded", "fever vs. chills"; "Fever? No cough." is none, the form of a
///                    checklist
class FindingContext : private ClauseScope {
 public:
  using ClauseScope::ClauseScope;

  bool is_claimed() const;

 private:
  bool is_behind_cue() const;
  bool is_cue(int64_t at) const;
  bool begins_one(const PhrasesByWord& known, int64_t at, int64_t end) const;
  bool is_condition(int64_t at) const;
  bool is_doubted(int64_t at) const;
  bool ends_in_cue(int64_t colon) const;
  bool is_of_relative() const;
  bool is_theirs(int64_t relative) const;
  bool has_it(int64_t relative) const;
  bool is_before_cue() const;
  bool is_asked() const;
};

}  // namespace nelumbo
