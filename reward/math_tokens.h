// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "reward/rational.h"

namespace nelumbo {

/// One piece of a written formula.
struct MathToken {
  enum class Kind {
    kNumber,    ///< digits, 1,234 and 0.1\overline{6} included
    kSymbol,    ///< a letter, "pi", "alpha", "inf"
    kFunction,  ///< "sin", "log", "sqrt"
    kUnit,      ///< "cm"; unit_named() knows it
    kMark,      ///< + - * / ^ _ ! | , = < > <= >= != % +- -+ : cup in or & \\ and brackets
    kCommand,   ///< "frac", "binom", "begin", "end"
    kEnd,
  };
  Kind kind = Kind::kEnd;
  std::string text;  ///< set braces are "\{" and "\}", braces that only group "{" and "}"
  Rational number{};
};

/// Splits LaTeX or plain text into tokens, kEnd last. What only sets type (\left, \,, $, \text{})
/// is left out, a \boxed{} around all of it too; a word that is no unit, function or short product
/// of letters is an error, and so is a character that no formula has. `letters_are_units`: a single
/// letter is a unit where it can be one, "5 m".
///
/// Example: "$\frac{1}{2}\text{ cm}$" is frac { 1 } { 2 } cm.
Result<std::vector<MathToken>> math_tokens(std::string_view text, bool letters_are_units = false);

}  // namespace nelumbo
