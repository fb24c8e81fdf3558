// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rollout/trajectory.h"

namespace nelumbo {

/// What a right answer says: the truth's "answer", a text that keeps its "constraints", a report of
/// its "white" and "platelets", or the one of its "boxes" that the grid fits best.
std::optional<std::string> gold_answer(const Prompt& prompt);

/// The right answer, with what leads to it: the chain along the truth's "path", or the tool calls
/// that show what the truth has as "boxes" beside an answer. None where there is no gold_answer().
std::optional<Trajectory> gold(const Prompt& prompt);

/// Zooms into the truth's "region" and locates each of its "boxes"; nothing where they are missing.
void add_gold_calls(const Prompt& prompt, Trajectory& trajectory);

/// A chain that recalls `lines`, which are facts that hang together, and ends in `answer`, with the
/// answer behind it. None where a line is no fact.
std::optional<std::string> thought_answer(const std::vector<std::string>& lines,
                                          const std::string& answer);

}  // namespace nelumbo
