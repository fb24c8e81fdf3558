// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// What a phrase does to findings around it. A phrase may do several of these, and one that only
/// looks like a denial ("not only", "no doubt", "is not excluded") does none.
enum CueRole : unsigned {
  kDeniesNext = 1,      ///< what follows it in the clause: "no", "without", "doubt"
  kDeniesPrevious = 2,  ///< what its clause is about: "was ruled out", "is not seen"
  kReplies = 4,         ///< what it stands behind, where it ends its part of the clause: "none"
  kEndsClause = 8,      ///< nothing reaches over it: "but", ".", "due to"
};

/// The words of a text in lower case, short forms written out ("isn't" is "is not"), with kStop and
/// kAsks where such punctuation is, and the cues among them.
struct Clauses {
  std::vector<std::string> words;
  std::vector<char> pauses;      ///< ',', '(' or ')' where one stands behind the word, else 0
  std::vector<bool> glued;       ///< whether a hyphen joins the word to the next
  std::vector<bool> questions;   ///< whether the word is a question mark, one of kAsks
  std::vector<unsigned> roles;   ///< of the cue that begins at the word, else 0
  std::vector<int64_t> lengths;  ///< words of that cue, or of a phrase that is none; else 0

  /// Stand for punctuation that ends a clause, and for what an answer follows: "Fever: no."
  static constexpr const char* kStop = ".";
  static constexpr const char* kAsks = ":";
};

/// Takes a text to pieces and finds the cues, of several at a place the longest.
Clauses clauses_of(std::string_view text);

}  // namespace nelumbo
