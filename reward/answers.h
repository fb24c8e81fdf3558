// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reward/rational.h"

namespace nelumbo {

/// Lower case, accents and their letters as one character, wide forms of ASCII (full-width digits)
/// as ASCII, runs of blanks as one, without blanks,
/// quotes and closing punctuation at the ends:
/// " White  Cell." becomes "white cell".
std::string normalized(std::string_view text);
/// The same in its own case.
std::string normalized_in_case(std::string_view text);

/// Whether there is a question mark, of any script: "72?" asserts nothing.
bool asks(std::string_view text);

/// The number that an answer is, and nothing else: "3", "-1.5", "1,234", "3/4", "1 234 567",
/// "45 %" (0.45), "1.5e-3", "3 × 10^8", with any minus and blank of plain_digits.h.
/// Words around a number make it no number, as does a question mark: an answer is never guessed.
std::optional<double> number_of(std::string_view text);
/// The same as an exact fraction, of decimals as many as fit beside the whole part in 36 digits.
/// None also where the whole part does not fit 128 bits.
std::optional<Rational> exact_number_of(std::string_view text);

/// Whether `words` occurs in `text` as whole words, whatever the case and the kind of blank.
/// Letters and digits of any script make words; signs, blanks and "_" end them.
bool has_words(std::string_view text, std::string_view words);

/// At most `most` bytes of `text`, for evidence; never cuts a UTF-8 character.
std::string excerpt(std::string_view text, size_t most = 60);
/// An excerpt between quotes: "'white'".
std::string in_quotes(std::string_view text);

}  // namespace nelumbo
