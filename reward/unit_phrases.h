// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reward/units.h"

namespace nelumbo {

/// A word, a number or a sign of a text, as it is written there.
struct Piece {
  enum class Kind { kWord, kNumber, kSign };
  Kind kind;
  std::string_view text;
};

/// The pieces of a text, one sign a character; digits behind letters are a part of the word, as in
/// "B12". What a backslash or an apostrophe begins is none
/// ("\frac", the s of "Ann's"), nor a stop inside a number or behind what is short for a word, as
/// in "Mr. Bell".
std::vector<Piece> pieces_of(std::string_view text);

/// A unit that is made of others: "miles per hour", "m²", "$ a day".
struct UnitPhrase {
  std::vector<Unit> above;  ///< each to its power: a square yard has 0.9144² and the exponent 2
  std::vector<Unit> below;
  std::string written;  ///< "miles per hour"
  size_t begin = 0;     ///< of its pieces
  size_t end = 0;       ///< behind the last of them
};

/// The units of a text, each phrase as long as it can be; none is a part of another. "in" is no
/// inch, but in "in²". Of "pages per hour", where nobody knows the first as a unit, the phrase is
/// "per hour", and of "twice a week" it is "a week".
std::vector<UnitPhrase> unit_phrases(const std::vector<Piece>& pieces);

/// Whether they are one unit: "kg" and "kilograms".
bool is_same_unit(const Unit& one, const Unit& other);

}  // namespace nelumbo
