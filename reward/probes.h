// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rollout/trajectory.h"

namespace nelumbo {

/// A way to look good without being right.
enum class Probe {
  kEmpty,       ///< no answer between the tags
  kShuffled,    ///< the right answer to another prompt of the task
  kWrong,       ///< well-formed and wrong
  kWrongTools,  ///< wrong, after all tool calls of the right answer
  kPadded,      ///< wrong, with long praise around it
  kStuffed,     ///< every possible answer at once
  kPromptCopy,  ///< the question as the answer
  kInjection,   ///< wrong, with instructions to whoever scores it
};

/// All probes, in the order of reports.
std::span<const Probe> all_probes();
/// "wrong_tools"
std::string to_text(Probe probe);

/// The right answer, with the tool calls that show it where the truth has boxes to locate beside an
/// answer. None when the truth has neither "answer" nor "boxes".
std::optional<Trajectory> gold(const Prompt& prompt);

/// One bad trajectory for `prompts[index]`. None where the probe cannot be made, or would be right:
/// another prompt's answer may be the same, and truth may leave nothing that is wrong.
std::optional<Trajectory> bad(Probe probe, std::span<const Prompt> prompts, size_t index);

}  // namespace nelumbo
