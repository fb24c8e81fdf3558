// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `claims`: the score of a structured report (corpus/report_claims.h) against the truth fields
/// "white" and "platelets". Each claim has a weight, `place_weight` that of a place and 1 that of a
/// number. With s, r and m the weights of the claims that hold, that do not, and that are missing:
///
///     penalty: full      max(0, s - r) / (s + m)
///     penalty: sigmoid   max(0, R - L(R) r / (s + r)),  R = s / (s + m),
///                        L(R) = 1 / (1 + exp(-10 (R - 0.85) / 0.2))
///
/// The second lets a policy learn the task first, and then not to invent: inventing costs nearly
/// nothing up to a task reward of 0.75, and all of its share from 0.95 on (Baichuan-M3, 2026). The
/// share is one of all claims, so that many true ones do not hide a false one.
Result<TermPtr> read_claims(const SpecNode& node, TermHeader& header);
/// `constraints`: the share of the rules in a truth field (corpus/constraint.h) that the answer
/// keeps; with `all`, 1 only when it keeps every one.
Result<TermPtr> read_constraints(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
