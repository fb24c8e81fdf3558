// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `number`: the answer is the true number, within max(tolerance, relative * |truth|), where asked
/// for also with a known unit or as a percentage.
Result<TermPtr> read_number(const SpecNode& node, TermHeader& header);
/// `count`: the answer is a whole number; both sides are cut to `at_most` first, so "3" may stand
/// for "three or more". `partial` gives max(0, 1 - |answer - truth| / max(1, truth)).
Result<TermPtr> read_count(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
