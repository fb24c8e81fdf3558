// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `tool_use`: a bonus of the term's weight for an answer that is right, called a tool, left no
/// failed call unrepaired, and whose group does not get it right without tools; minus `per_call`
/// for each call after the first `free_calls`, whether right or not. With weights of 1 for the
/// verifiers, a weight of 0.2 and per_call 0.03 are +0.2 and -0.03 before renormalising.
Result<TermPtr> read_tool_use(const SpecNode& node, TermHeader& header);

/// The successful calls of one tool.
int64_t calls_of(const Trajectory& trajectory, const std::string& tool);

/// Whether the last call of every tool that failed once succeeded.
bool all_repaired(const Trajectory& trajectory);

}  // namespace nelumbo
