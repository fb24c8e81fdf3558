// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// The word that `word` was most likely meant to be, or none when all are too far away: at most
/// one edit in three letters, case not counted.
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> words);

/// " (did you mean 'lr'?)", or nothing: the end of a message about an unknown word.
std::string did_you_mean(std::string_view word, std::span<const std::string> words);

/// Where the first byte stands that belongs to no well-formed UTF-8 sequence.
std::optional<size_t> invalid_utf8_at(std::string_view text);

/// The same text with U+FFFD for each ill-formed part, as browsers and Python replace it. What a
/// policy samples byte by byte need not be UTF-8, and JSON and HTML must be.
std::string valid_utf8(std::string_view text);

/// A text as a message quotes it: of one that is longer than 100 bytes its beginning, whole code
/// points, with three dots behind.
std::string shortened(std::string_view text);

/// The text without the white space of ASCII at its ends.
std::string_view trimmed(std::string_view text);

/// Whether it holds nothing else.
bool is_blank(std::string_view text);

/// Takes what stands before `mark` off the front of `rest`, and the mark; all of it without one.
std::string_view take_until(std::string_view mark, std::string_view* rest);

/// How often `mark` stands in the text, without overlaps. REQUIRES: it is not empty.
int64_t occurrences(std::string_view mark, std::string_view text);

/// The pieces with `mark` between each two.
std::string joined(const std::vector<std::string>& pieces, std::string_view mark);

/// Text that stays text between tags and inside quoted attributes.
std::string html_escape(std::string_view text);

}  // namespace nelumbo
