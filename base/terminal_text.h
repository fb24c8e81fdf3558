// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// Text of a policy or of data as one line that a terminal shows and does not obey: line ends and
/// tabs as \n and \t, other control characters (those of C1, too) as \x1b, marks that turn or hide
/// what is read (direction, zero width, tags) as \u202e, bytes that are no UTF-8 as U+FFFD.
std::string terminal_text(std::string_view text);
/// The same of a text of lines: line ends and tabs stay.
std::string terminal_lines(std::string_view text);

}  // namespace nelumbo
