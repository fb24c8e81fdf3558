// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nelumbo {

/// A text in its one form, and what stood in the way of it.
struct Normalised {
  std::string text = {};
  int64_t broken = 0;  ///< control characters, U+FFFD and left-over halves of mojibake
  int64_t tags = 0;    ///< as in Unmarked (corpus/markup.h)
  int64_t structural = 0;
  int64_t markers = 0;
};

/// Undoes mojibake, takes HTML out, composes (NFC), spells Latin ligatures out, drops control
/// characters and invisible ones, writes every run of white space inside a line as one space and
/// of empty lines as one, and trims. Applied again it changes nothing.
Normalised normalised(std::string_view text);

/// The hash by which equal texts are found: XXH3-128 of the text in lower case with every run of
/// white space as one space. REQUIRES: `text` is normalised.
std::string text_key(std::string_view text);

}  // namespace nelumbo
