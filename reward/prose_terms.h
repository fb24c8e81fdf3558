// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `regex`: 1 where the pattern matches, with `whole` all of the answer.
Result<TermPtr> read_regex(const SpecNode& node, TermHeader& header);
/// `language`: 1 where at least `share` of the letters are of the language; see language_share().
Result<TermPtr> read_language(const SpecNode& node, TermHeader& header);
/// `repetition`: 1 up to `most` of the words in repeated runs of `n`, then down in a line to 0.
Result<TermPtr> read_repetition(const SpecNode& node, TermHeader& header);
/// `length`: 1 from `min` to `max` bytes, words or characters of the answer, else 0.
Result<TermPtr> read_length(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
