// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reward/unit_phrases.h"

namespace nelumbo {

/// What is measured where a question names no unit: "how heavy", "how much did she pay"; that is
/// open where it asks how much, and of nothing that is named.
enum class Measured { kUnknown, kOpen, kMoney, kWeight, kAge, kLength, kLengthOrTime, kArea };

/// The part of a sentence that asks, without a condition: its first piece, and the one behind its
/// last.
struct AskingClause {
  size_t begin, end;
};

/// What the sentences of a question that ask say of what they ask for.
///
/// Example: "She works 2 hours. How many square feet does she paint?" asks for the unit "square
/// feet", and says so.
struct Asking {
  std::set<std::string> stems;            ///< of the words that name it, but for units
  std::vector<const UnitPhrase*> units;   ///< that name it, of those that were given
  std::vector<AskingClause> clauses;      ///< of these sentences
  bool says_what = false;                 ///< each of the sentences names it
  bool how_much = false;                  ///< "how much", and of nothing that is named
  bool one_way = false;                   ///< a length or a time: "how far"
  bool speed = false;                     ///< "how fast", "what is his average speed"
  bool percent = false;                   ///< "what percentage", "in percent"
  bool amount = false;                    ///< a number of things, a price or the like, no share
  bool measured = false;                  ///< "how much time" or the like
  Measured measure = Measured::kUnknown;  ///< where one sentence asks, and for one thing
  bool money = false;                     ///< "how many dollars", "how much money"
};

/// Reads it from the pieces of a question, whose units are `phrases`.
Asking asking_of(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases);

/// "clip" of "Clips", "penny" of "pennies".
std::string word_stem(std::string_view word);
/// Those of some words.
std::set<std::string> stems_of(const std::set<std::string_view>& words);

}  // namespace nelumbo
