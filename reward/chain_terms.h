// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reward/term.h"

namespace nelumbo {

/// `chain`: 1 when what was said is a chain of thought with an answer behind it that has none of
/// the faults of check_chain() (corpus/chain_checks.h) that are listed; what has not the form of a
/// chain has all of them. The answer is the conclusion when both are the same normalised, or when
/// it names the choice that is concluded ("B" of the truth field `choices`). A chain is held
/// against the question, the prompt's text without its choices, and against the gold path of the
/// truth field `path` where that is given.
///
///     {chain: [form, unfaithful]}                   a matcher
///     {chain: [peeking, order], path: path}
///     {kind: chain, faults: [form, unfaithful]}     a rule term; `faults` is [form] by default
Result<TermPtr> match_chain(const SpecNode& node);
Result<TermPtr> read_chain_term(const SpecNode& node, TermHeader& header);

/// What was asked, without the choices behind it.
std::string question_of(const Prompt& prompt);

}  // namespace nelumbo
