// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// The phrases that deny findings, or only look like it, with their roles (CueRole of
/// negation_cues.h). Immutable.
///
/// Example: "was ruled out" denies what stands before it; "not ruled out" has no role.
class CueTable {
 public:
  struct Phrase {
    std::vector<std::string> words;
    unsigned roles = 0;
  };

  CueTable();

  /// The longest phrase that stands at a place; none where none does.
  const Phrase* at(const std::vector<std::string>& words, size_t place) const;

 private:
  void add_being(const std::string& being);
  void add_ruling(const std::string& verb);
  void add_endings();
  /// Later ones take the place of the same; roles of one phrase in several lists add up.
  void add(const std::vector<std::string_view>& texts, unsigned roles, std::string_view head = "");

  std::map<std::string, std::vector<Phrase>> phrases_;  ///< by their first word, longest first
};

}  // namespace nelumbo
