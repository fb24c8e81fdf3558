// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `math_equal`: the answer is the same value as the truth: a number, an expression, an equation, a
/// list, an interval or a matrix, in LaTeX or plain. Exact, unless `relative` is given. Where the
/// truth is no formula the texts are compared, without what sets their type.
Result<TermPtr> read_math_equal(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
