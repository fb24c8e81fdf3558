// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// How a value is laid out, as `%` and format specifications both say it.
struct JinjaLayout {
  std::string fill = " ";
  char align = 0;          ///< < > ^ or = (behind the sign); 0 is the type's own
  char sign = '-';         ///< - + or space
  bool alternate = false;  ///< 0x in front, or the point always
  char group = 0;          ///< , or _ between thousands
  int64_t width = 0;
  bool odd_in_front = false;  ///< of align ^: the odd one of the fill, where the width is odd
  int64_t precision = -1;     ///< -1 where none is given
  char type = 0;
};

/// Three parts of one text: `head` is a sign, between which and `body` the fill goes for align '='.
JinjaValue jinja_filled(JinjaRun& run, std::string_view head, std::string_view body,
                        const JinjaLayout& layout, char own_align);

// What these make is a text always, the empty one where the run fails.

/// An int in base 10, 2, 8 or 16 as type d, b, o, x or X says.
JinjaValue jinja_format_integer(JinjaRun& run, int64_t value, const JinjaLayout& layout);
/// A float as type e, f, g, % or their capitals say; 0 is the shortest text.
JinjaValue jinja_format_real(JinjaRun& run, double value, const JinjaLayout& layout);
/// A text: cut to the precision and filled up to the width.
JinjaValue jinja_format_text(JinjaRun& run, std::string_view text, const JinjaLayout& layout);

}  // namespace nelumbo
