// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reward/asked_question.h"

namespace nelumbo {

/// The number, and what follows it, of a sentence that only tells what it is of: "72 clips" of "She
/// sold 72 clips". Before it may stand what the question names, in other forms of verbs too ("sold"
/// where it asks "did she sell"), whose it is ("Ann's"), and words that add nothing. The text as it
/// is where anything else stands there ("She sold almost 72 clips", "She did not sell 72 clips",
/// unless it is asked what she did not sell), or it is of somebody else than the question asks
/// about by name.
std::string_view number_in_sentence(std::string_view text, const AskedQuestion& asked);

/// The equation that a sentence ends with, without the words that lead to it: "400-60=$340" of
/// "After 3 phones he's left with 400-60=$340". They may be those that number_in_sentence() takes,
/// and counts of what the question names. None where there are no words.
std::optional<std::string_view> equation_in_sentence(std::string_view text,
                                                     const AskedQuestion& asked);

/// What a sentence of several numbers comes to: "72" of "She sold 48 in April and 24 in May, so
/// 72". None where what stands before the "so" denies, doubts, states an equation that does not
/// hold, or gives another answer, as its only number does unless the question gives it: "I see 3,
/// so 2".
std::optional<std::string_view> conclusion_of(std::string_view text, std::string_view question);

/// A text whose one number is a word with that in digits: "2 clips" of "Two clips", "0 clips" of
/// "No clips". Others stay.
std::string in_digits(std::string_view text);

/// Whether a text speaks of somebody else than the question asks about: of Ann where it asks how
/// many pens Tim has.
bool is_of_other(std::string_view text, const AskedQuestion& asked);

/// Whether a word, in lower case, adds nothing to a number beside it: "she", "the", "altogether",
/// or a form of a verb that the question names.
bool only_tells(const std::string& word, const AskedQuestion& asked);

}  // namespace nelumbo
