// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// The languages that language_share() knows: "en", "de", "fr", "es", "it", "pt", "nl" by their
/// most common words; "zh", "ja", "ko", "ru", "ar", "he", "el", "hi" by their script.
const std::vector<std::string>& known_languages();

/// How far a text is in a language, in [0, 1]: the share of its letters in the language's script.
/// Languages in Latin letters are told apart by common words: where those of another language are
/// more frequent the share is 0; a text with too few of them to tell counts by its script.
/// A text without letters counts as in every language. REQUIRES: one of known_languages().
double language_share(std::string_view text, const std::string& language);

/// The words of a text; characters in scripts without blanks, as Chinese, and in runs of more than
/// 32 letters.
std::vector<std::string> word_pieces(std::string_view text);

/// The share of a text's words that lie in a run of `n` words which stood there before, in [0, 1].
/// Words are word_pieces(). 0 for fewer than n + 1 of them. REQUIRES: n > 0.
double repeated_share(std::string_view text, int64_t n);

}  // namespace nelumbo
