// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// Whether an answer keeps a rule that can be checked without judgement. A rule is a word and what
/// it asks, as the truth of a prompt stores it; words are runs of letters and digits, whatever
/// their case, and an apostrophe parts none:
///
///     words 3          exactly three words
///     first red        the first word is "red"
///     last white       the last word is "white"
///     has platelet     the word occurs
///     not blue         the word does not occur
///     times red 2      the word occurs exactly twice
///     upper, lower     all letters are capitals, none is
///     commas           between any two words stands a comma
///
/// The letters of `upper` and `lower` are A to Z, and numbers are 1 or more. An answer without a
/// word keeps no rule. kBadData quotes a rule that is none of them.
Result<bool> meets(std::string_view constraint, std::string_view answer);

}  // namespace nelumbo
