// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// The text with what looks like a Latin letter as that letter: Greek and Cyrillic ones (of
/// Unicode's confusables those that people do not tell apart), wide and mathematical ones. Nobody
/// who reads "rеd" sees that its e is Cyrillic. Not for what is compared with Greek or Cyrillic.
std::string with_latin_letters(std::string_view text);

/// The text with the wide forms of ASCII, as in Chinese and Japanese texts, as ASCII: "７２％" is
/// "72%".
std::string with_narrow_forms(std::string_view text);

/// The text without characters that nobody sees, as a zero-width space within a word.
std::string without_hidden(std::string_view text);

/// Whether it has a letter of Greek or Cyrillic, whether that looks like a Latin one or not.
bool has_greek_or_cyrillic(std::string_view text);

}  // namespace nelumbo
