// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "rollout/trajectory.h"

namespace nelumbo {

/// How one answer did at its task. The reward has no say in it.
struct AnswerScore {
  double score = 0;        ///< as score_answer() says
  bool parsed = false;     ///< an answer was given and can be read as what the task asks for
  bool truncated = false;  ///< cut off by the length limit or the turn limit
  int64_t length = 0;      ///< tokens drawn
  int64_t calls = 0;       ///< of tools
  std::optional<std::string> chosen;  ///< of a task with choices: the text of the one that it names
  std::optional<double> steps;        ///< of a task with a path: step_accuracy()
};

/// Scores an answer by what the prompt's truth has:
///
///   constraints           1 if it keeps all of these rules (corpus/constraint.h), else 0
///   white and platelets   ClaimScore::score() of the report (corpus/report_claims.h)
///   boxes, no answer      the overlap with the best of these boxes
///   answer                1 if it is that, else 0; with "choices", one of them must be named: by
///                         itself, by its letter, or by its text in "options". Choices and numbers
///                         are read as the rewards read them (reward/choices.h, stated_answer.h,
///                         asked_number.h): "The answer is 72 clips"
AnswerScore score_answer(const Prompt& prompt, const Trajectory& trajectory);

/// The share of the lines of the truth's "path" that stand among the thoughts in the same order
/// (their longest common subsequence), case and blanks aside. None where there is no path.
///
/// Example: of the path [a b c], the thoughts [a c b] have two lines in order: 2/3.
std::optional<double> step_accuracy(const Prompt& prompt, const Trajectory& trajectory);

/// Whether the task's score is an overlap of boxes.
bool asks_for_box(const Prompt& prompt);

/// What a policy that never looks can reach, and with what.
struct Baseline {
  std::string name;
  double score = 0;
};

/// By the kind of task, which all prompts share; none without prompts:
///
///   "constant mean box"          the mean truth box in what is shown
///   "constant report"            the best of up to kMostCounted times the mean box of a white cell
///                                and as many platelets
///   "most frequent answer"       the same answer to all, or where that is better
///   "most frequent place"        the choice at the same place of all: where the right one stands
///                                most often
///   "nothing said"               0, where rules are to be kept
std::optional<Baseline> blind_baseline(std::span<const Prompt* const> prompts);

}  // namespace nelumbo
