// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `claims`: the score of a structured report (corpus/report_claims.h) against the truth fields
/// "white" and "platelets".
Result<TermPtr> read_claims(const SpecNode& node, TermHeader& header);
/// `constraints`: the share of the rules in a truth field (corpus/constraint.h) that the answer
/// keeps; with `all`, 1 only when it keeps every one.
Result<TermPtr> read_constraints(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
