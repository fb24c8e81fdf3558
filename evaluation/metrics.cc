// SPDX-License-Identifier: Apache-2.0
#include "evaluation/metrics.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "corpus/coordinates.h"
#include "reward/answers.h"
#include "reward/boxes.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

std::vector<Box> truth_boxes_of(const Prompt& prompt) {
  const auto boxes = truth_boxes(prompt.truth, "boxes");
  return boxes ? boxes.value() : std::vector<Box>();
}

std::string truth_answer_of(const Prompt& prompt) {
  const auto answer = truth_text(prompt.truth, "answer");
  if (answer)
    return normalized(answer.value());
  return prompt.truth.contains("answer") ? prompt.truth["answer"].dump() : "";
}

void score_box(const Prompt& prompt, const Trajectory& trajectory, AnswerScore& score) {
  score.parsed = trajectory.answer_box.has_value();
  if (!score.parsed)
    return;
  const auto best = best_box(*trajectory.answer_box, truth_boxes_of(prompt));
  score.score = best ? best->iou : 0;
}

void score_text(const Prompt& prompt, const Trajectory& trajectory, AnswerScore& score) {
  const std::string truth = truth_answer_of(prompt);
  if (const auto choices = truth_texts(prompt.truth, "choices")) {
    const auto chosen = choice_of(trajectory.answer, choices.value());
    score.parsed = chosen.has_value();
    score.score = chosen && normalized(*chosen) == truth ? 1 : 0;
  } else if (const auto number = number_of(truth)) {
    const auto said = number_of(trajectory.answer);
    score.parsed = said.has_value();
    score.score = said && *said == *number ? 1 : 0;
  } else {
    const std::string said = normalized(trajectory.answer);
    score.parsed = !said.empty();
    score.score = said == truth ? 1 : 0;
  }
}

double majority_share(std::span<const Prompt* const> prompts) {
  std::map<std::string, int64_t> counts;
  int64_t most = 0;
  for (const Prompt* prompt : prompts)
    most = std::max(most, ++counts[truth_answer_of(*prompt)]);
  return static_cast<double>(most) / static_cast<double>(prompts.size());
}

double constant_box_overlap(std::span<const Prompt* const> prompts) {
  Box mean;
  double n = 0;
  for (const Prompt* prompt : prompts) {
    for (const Box& box : truth_boxes_of(*prompt)) {
      const Box shown = from_original({prompt->view, prompt->orientation}, box);
      mean = {mean.x0 + shown.x0, mean.y0 + shown.y0, mean.x1 + shown.x1, mean.y1 + shown.y1};
      n += 1;
    }
  }
  if (n == 0)
    return 0;
  mean = {mean.x0 / n, mean.y0 / n, mean.x1 / n, mean.y1 / n};
  double sum = 0;
  for (const Prompt* prompt : prompts) {
    const Box guess = to_original({prompt->view, prompt->orientation}, mean);
    const auto best = best_box(guess, truth_boxes_of(*prompt));
    sum += best ? best->iou : 0;
  }
  return sum / static_cast<double>(prompts.size());
}

}  // namespace

bool asks_for_box(const Prompt& prompt) {
  return !prompt.truth.contains("answer") && prompt.truth.contains("boxes");
}

AnswerScore score_answer(const Prompt& prompt, const Trajectory& trajectory) {
  AnswerScore score;
  score.length = std::accumulate(trajectory.sampled.begin(), trajectory.sampled.end(), int64_t{0});
  score.calls = std::ssize(trajectory.calls);
  score.truncated = trajectory.finish == Finish::kTurns ||
                    (trajectory.finish == Finish::kLength && !trajectory.answered);
  if (!trajectory.answered)
    return score;
  if (asks_for_box(prompt))
    score_box(prompt, trajectory, score);
  else
    score_text(prompt, trajectory, score);
  return score;
}

std::optional<double> blind_baseline(std::span<const Prompt* const> prompts) {
  if (prompts.empty())
    return std::nullopt;
  return asks_for_box(*prompts.front()) ? constant_box_overlap(prompts) : majority_share(prompts);
}

}  // namespace nelumbo
