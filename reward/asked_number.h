// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reward/quantity.h"

namespace nelumbo {

/// A number with what stands beside it: a known unit, or up to eight words behind it ("72 clips",
/// "72 (clips)", "$5 in total", "72 in April and May"), or a sentence that only tells what it is of
/// ("She sold 72 clips") or comes to it ("She sold 48 and 24, so 72"; reward/number_sentence.h), or
/// an equation of numbers that holds ("48 + 24 = 72 clips"; reward/arithmetic.h), or the one number
/// in words ("two clips"). None where a word changes the number or offers another: "72 or 71", "72
/// and a half", "72 thousand", "5 dozen". By dozens or thousands it may be counted where `question`
/// asks how many of these there are.
std::optional<Quantity> worded_quantity(std::string_view answer, std::string_view question = "");

/// The word of an answer that changes its number, or offers another: "dozen", "or"; empty: none.
std::string changing_word(std::string_view answer);

/// An answer with a number, held against the question and the truth.
struct AskedAnswer {
  std::optional<Quantity> number{};  ///< as worded_quantity() reads it
  /// By which the answer is about something else, as evidence has it: "says 'kg' where 'clips' ..".
  std::string fault{};
  bool may_be_percent = false;   ///< the question asks for percent, or may do so
  bool must_be_percent = false;  ///< it says that it asks for percent
};

/// Which things an answer may count.
enum class Things {
  kOfAnyName,  ///< "guests" where people are asked for
  kNamed,      ///< those that the question or the truth names
};

/// Reads an answer and looks up each unit and word of it. Units must be asked for
/// (asked_question.h); other words must be named, in any form ("clip", "clips"), or be things that
/// are counted, in the plural ("guests" where people are asked for), unless the question sets them
/// apart from what it asks for ("girls" in "boys and girls"). Words that only join ("in",
/// "total") need no naming; "each" does so only where that is asked for, "more" only where the
/// question speaks of such. Beside a number in words all must be named.
///
/// Example: the fault of "72 kg" to "How many clips did she sell?" is "says 'kg', which the
/// question does not ask for"; "72 clips" has none.
AskedAnswer asked_answer(std::string_view answer, std::string_view question,
                         std::string_view truth = "", Things things = Things::kOfAnyName);

}  // namespace nelumbo
