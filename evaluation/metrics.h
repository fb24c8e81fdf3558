// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "rollout/trajectory.h"

namespace nelumbo {

/// How one answer did at its task. The reward has no say in it.
struct AnswerScore {
  double score = 0;        ///< overlap of boxes for tasks that ask for a box, else right (1) or not
  bool parsed = false;     ///< an answer was given and can be read as what the task asks for
  bool truncated = false;  ///< cut off by the length limit or the turn limit
  int64_t length = 0;      ///< tokens drawn
  int64_t calls = 0;       ///< of tools
};

/// Scores an answer by the prompt's truth: "answer" (with "choices" where it has them) asks for
/// that answer; "boxes" alone asks for one of the boxes.
AnswerScore score_answer(const Prompt& prompt, const Trajectory& trajectory);

/// Whether the task's score is an overlap of boxes.
bool asks_for_box(const Prompt& prompt);

/// What a policy that never looks can reach: the share of the most frequent answer, or the mean
/// overlap of one constant box, the mean truth box in what is shown. None without prompts.
std::optional<double> blind_baseline(std::span<const Prompt* const> prompts);

}  // namespace nelumbo
