// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// The matchers that look at text and at the number of turns; matchers.h lists what each means.
Result<TermPtr> match_contains(const SpecNode& node);
/// The same where it earns something: a word that is affirmed and denied then is not found.
Result<TermPtr> match_paid_contains(const SpecNode& node);
Result<TermPtr> match_absent(const SpecNode& node);
Result<TermPtr> match_pattern(const SpecNode& node);
Result<TermPtr> match_answers(const SpecNode& node);
Result<TermPtr> match_longer(const SpecNode& node);
Result<TermPtr> match_one_of(const SpecNode& node);
Result<TermPtr> match_turns(const SpecNode& node);
Result<TermPtr> match_used_tool(const SpecNode& node);

/// The rule terms `contains` (share of `words` that occur) and `absent` (1 when none occurs).
Result<TermPtr> read_contains(const SpecNode& node, TermHeader& header);
Result<TermPtr> read_absent(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
