// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "corpus/letter_model.h"
#include "corpus/normalisation.h"

namespace nelumbo {

/// What the rules of cleaning look at. Shares lie in 0..1.
struct TextMeasures {
  int64_t characters = 0;
  int64_t words = 0;          ///< that have a letter
  double broken = 0;          ///< control characters, U+FFFD, left-over mojibake, of all characters
  double markup = 0;          ///< structural tags and markers, for each word
  int64_t structural = 0;     ///< tags that pages are built of
  int64_t furniture = 0;      ///< different phrases of page furniture: "privacy policy", ...
  double symbols = 0;         ///< characters that prose does not have, of those that are not spaces
  double latin = 1;           ///< letters of the Latin script, of all letters
  double function_words = 0;  ///< English function words ("of", "the", ...), of all words
  double foreign_words = 0;   ///< function words of other languages that English lacks
  double repeated = 0;        ///< words inside runs of eight that stood earlier in the text
  double repeated_lines = 0;  ///< lines that stood earlier, of all lines; 0 below four lines
  int64_t longest_copy = 0;   ///< words of the longest stretch that stood earlier word for word
  int64_t longest_run = 1;    ///< the same word so many times in a row
  double odd_words = 0;       ///< words that cannot be said: without vowel, six consonants in a row
  double surprise = 0;        ///< bits a letter (LetterModel); 0 where the text has few letters
};

/// Measures a normalised text, all but its surprise.
TextMeasures measure(const Normalised& normalised);

/// The surprise of a normalised text.
double surprise_of(std::string_view text, const LetterModel& letters);

}  // namespace nelumbo
