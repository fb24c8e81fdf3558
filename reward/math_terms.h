// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "reward/term.h"

namespace nelumbo {

/// Whether an answer is words or digits alone, which are compared as text where they are no
/// formula: "even", "\text{Evelyn}".
bool is_text_of_math(std::string_view answer);

/// `math_equal`: the answer is the same value as the truth: a number, an expression, an equation, a
/// list, an interval or a matrix, in LaTeX or plain. Exact, unless `relative` is given. Where the
/// truth is no formula the texts are compared, without what sets their type.
Result<TermPtr> read_math_equal(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
