// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nelumbo {

/// One line on stderr, from any thread; a warning starts with "warning: ", an error with "error: ".
/// What comes from others does not steer a terminal: see terminal_lines().
void log_info(std::string_view text);
void log_warn(std::string_view text);
void log_error(std::string_view text);

/// Says whether the cursor stands behind an unfinished line on the terminal (the progress line);
/// the next log line erases it.
void set_open_line(bool open);

}  // namespace nelumbo
