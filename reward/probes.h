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
  kWrongSteps,  ///< wrong, after all that leads to the right answer: calls, lines, or its words
  kLucky,       ///< right, after recalling what is not so
  kPadded,      ///< wrong, with long praise around it
  kStuffed,     ///< every possible answer at once, or the right one among wrong ones
  kPromptCopy,  ///< the question as the answer
  kRubricCopy,  ///< the criteria as the answer
  kInjection,   ///< wrong, with instructions to whoever scores it
};

/// All probes, in the order of reports.
std::span<const Probe> all_probes();
/// "wrong_steps"
std::string to_text(Probe probe);

/// One bad trajectory for `prompts[index]`, whose rubric has these `criteria`. None where the probe
/// cannot be made, as where it needs a picture, or would be right: another prompt's answer may be
/// the same, and truth may leave nothing that is wrong.
std::optional<Trajectory> bad(Probe probe, std::span<const Prompt> prompts, size_t index,
                              std::span<const std::string> criteria = {});

/// Why a probe may be made for none of a spec's prompts, for those who read reports.
std::string why_not(Probe probe);

}  // namespace nelumbo
