// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

// Python's str over well-formed UTF-8. Pieces are views of the text that they are cut from.

std::vector<std::string_view> code_points(std::string_view text);
int64_t code_point_count(std::string_view text);
/// The bytes of one code point. REQUIRES: a Unicode scalar value.
std::string utf8_of(uint32_t point);

/// What str.isspace says of a code point.
bool is_python_space(uint32_t point);
std::string_view strip_left(std::string_view text);
std::string_view strip_right(std::string_view text);
/// Strips the code points that stand in `set`.
std::string_view strip_left(std::string_view text, std::string_view set);
std::string_view strip_right(std::string_view text, std::string_view set);

/// str.split at white space; at most `most` cuts, any number when it is negative.
std::vector<std::string_view> split_at_space(std::string_view text, int64_t most);
/// The same from the end.
std::vector<std::string_view> split_at_space_from_end(std::string_view text, int64_t most);
/// str.split at a separator. REQUIRES: it is not empty.
std::vector<std::string_view> split_at(std::string_view text, std::string_view mark, int64_t most);
std::vector<std::string_view> split_at_from_end(std::string_view text, std::string_view mark,
                                                int64_t most);
/// str.splitlines.
std::vector<std::string_view> lines_of(std::string_view text, bool keep_ends);

/// repr of a str: quoted, with escapes for what does not print.
std::string quoted(std::string_view text);
/// repr of a float: the shortest decimal that reads back as the same value.
std::string real_text(double value);

/// int(text) and float(text), white space around and underscores between digits allowed.
std::optional<int64_t> parse_integer(std::string_view text, int base);
std::optional<double> parse_real(std::string_view text);

}  // namespace nelumbo
