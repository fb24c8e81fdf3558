// SPDX-License-Identifier: Apache-2.0
#include "evaluation/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <vector>

#include "corpus/constraint.h"
#include "corpus/coordinates.h"
#include "corpus/report_claims.h"
#include "corpus/smear_questions.h"
#include "reward/answers.h"
#include "reward/asked_number.h"
#include "reward/boxes.h"
#include "reward/choices.h"
#include "reward/rational.h"
#include "reward/stated_answer.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

bool asks_for_constraints(const Prompt& prompt) {
  return prompt.truth.contains("constraints");
}

bool asks_for_report(const Prompt& prompt) {
  return prompt.truth.contains("white") && prompt.truth.contains("platelets");
}

std::vector<Box> truth_boxes_of(const Prompt& prompt, const std::string& field) {
  const auto boxes = truth_boxes(prompt.truth, field);
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
  const auto best = best_box(*trajectory.answer_box, truth_boxes_of(prompt, "boxes"));
  score.score = best ? best->iou : 0;
}

std::optional<ChoiceList> choices_of(const Prompt& prompt) {
  if (auto lettered = choice_list(prompt.truth, "choices", "options"))
    return std::move(lettered.value());
  auto plain = choice_list(prompt.truth, "choices", std::nullopt);
  return plain ? std::optional(std::move(plain.value())) : std::nullopt;
}

/// The number that an answer states, as the rewards read it: bare, or with the words and units that
/// the question names. `truth` says of what size it is to be: percent of a share below 1 are one,
/// unless percent are asked for.
std::optional<Rational> number_said(const Prompt& prompt, const std::string& answer,
                                    const Rational& truth) {
  const AskedAnswer read = asked_answer(stated_number(answer), prompt.text);
  if (!read.number || !read.fault.empty())
    return std::nullopt;
  if (!read.number->percent)
    return read.number->face;
  if (!read.must_be_percent && std::abs(truth.to_double()) < 1)
    return read.number->value;
  return read.may_be_percent ? read.number->face : std::nullopt;
}

/// The choice that an answer names; a number among numbers may have its words: "2 platelets".
std::optional<std::string> choice_said(const Prompt& prompt, const ChoiceList& choices,
                                       const std::string& answer) {
  if (auto named = choices.named_in(answer))
    return named;
  for (const std::string& choice : choices.choices())
    if (const auto number = exact_number_of(choices.text_of(choice));
        number && number_said(prompt, answer, *number) == number)
      return choice;
  return std::nullopt;
}

void score_choice(const Prompt& prompt, const ChoiceList& choices, const std::string& answer,
                  AnswerScore& score) {
  const auto choice = choice_said(prompt, choices, answer);
  score.parsed = choice.has_value();
  if (!choice)
    return;
  score.chosen = std::string(choices.text_of(*choice));
  score.score = normalized(*choice) == truth_answer_of(prompt) ? 1 : 0;
}

void score_text(const Prompt& prompt, const std::string& answer, AnswerScore& score) {
  const std::string truth = truth_answer_of(prompt);
  if (const auto number = exact_number_of(truth)) {
    const auto said = number_said(prompt, answer, *number);
    score.parsed = said.has_value();
    score.score = said == number ? 1 : 0;
  } else {
    const std::string said = normalized(answer);
    score.parsed = !said.empty();
    const bool same = said == truth || normalized(stated_text(answer)) == truth;
    const auto written = truth_text(prompt.truth, "answer");
    const bool may_ask = written && asks(written.value());
    score.score = same && (may_ask || !asks(answer)) ? 1 : 0;
  }
}

bool keeps(const std::string& rule, const std::string& answer) {
  const auto kept = meets(rule, answer);
  return kept && kept.value();
}

void score_constraints(const Prompt& prompt, const std::string& answer, AnswerScore& score) {
  score.parsed = !normalized(answer).empty();
  const auto rules = truth_texts(prompt.truth, "constraints");
  const auto kept = [&](const std::string& rule) { return keeps(rule, answer); };
  score.score = rules && std::ranges::all_of(rules.value(), kept) ? 1 : 0;
}

void score_report(const Prompt& prompt, const std::string& answer, AnswerScore& score) {
  const auto claims = check_claims(answer, prompt.truth, {prompt.view, prompt.orientation});
  score.parsed = claims && claims.value().parsed;
  score.score = claims ? claims.value().score() : 0;
}

/// One answer to all prompts, or the choice at one place, whichever is right more often.
Baseline constant_answer(std::span<const Prompt* const> prompts) {
  std::map<std::string, double> answers;
  std::map<std::ptrdiff_t, double> places;
  double answer = 0, place = 0;
  for (const Prompt* prompt : prompts) {
    const std::string truth = truth_answer_of(*prompt);
    answer = std::max(answer, ++answers[truth]);
    const auto choices = choices_of(*prompt);
    if (!choices)
      continue;
    const auto at = std::ranges::find(choices->choices(), truth, normalized);
    if (at != choices->choices().end())
      place = std::max(place, ++places[at - choices->choices().begin()]);
  }
  const auto n = static_cast<double>(prompts.size());
  if (place > answer)
    return {"most frequent place", place / n};
  return {"most frequent answer", answer / n};
}

/// The mean of the boxes in the truth's `field`, in units of what is shown.
std::optional<Box> mean_box(std::span<const Prompt* const> prompts, const std::string& field) {
  Box mean;
  double n = 0;
  for (const Prompt* prompt : prompts) {
    for (const Box& box : truth_boxes_of(*prompt, field)) {
      const Box shown = from_original({prompt->view, prompt->orientation}, box);
      mean = {mean.x0 + shown.x0, mean.y0 + shown.y0, mean.x1 + shown.x1, mean.y1 + shown.y1};
      n += 1;
    }
  }
  if (n == 0)
    return std::nullopt;
  return Box{mean.x0 / n, mean.y0 / n, mean.x1 / n, mean.y1 / n};
}

Baseline constant_box(std::span<const Prompt* const> prompts) {
  const auto mean = mean_box(prompts, "boxes");
  double sum = 0;
  for (const Prompt* prompt : prompts) {
    const Box guess = to_original({prompt->view, prompt->orientation}, mean.value_or(Box()));
    const auto best = best_box(guess, truth_boxes_of(*prompt, "boxes"));
    sum += best ? best->iou : 0;
  }
  return {"constant mean box", sum / static_cast<double>(prompts.size())};
}

Baseline constant_report(std::span<const Prompt* const> prompts) {
  const auto mean = mean_box(prompts, "white");
  Baseline best{"constant report", 0};
  for (size_t white = 0; white <= (mean ? kMostCounted : 0); ++white)
    for (int64_t platelets = 0; platelets <= kMostCounted; ++platelets) {
      const std::vector<GridBox> boxes(white, mean ? grid_from_box(*mean) : GridBox());
      const std::string report = report_answer(boxes, platelets);
      double sum = 0;
      for (const Prompt* prompt : prompts) {
        AnswerScore score;
        score_report(*prompt, report, score);
        sum += score.score;
      }
      best.score = std::max(best.score, sum / static_cast<double>(prompts.size()));
    }
  return best;
}

/// How long the longest row is that stands in both lists in the same order.
size_t common_subsequence(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<size_t> row(b.size() + 1);  // of what was seen of a, with the first j of b
  for (const std::string& line : a) {
    size_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t above = row[j + 1];
      row[j + 1] = line == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

bool asks_for_box(const Prompt& prompt) {
  return !prompt.truth.contains("answer") && prompt.truth.contains("boxes");
}

std::optional<double> step_accuracy(const Prompt& prompt, const Trajectory& trajectory) {
  const auto path = truth_texts(prompt.truth, "path");
  if (!path || path.value().empty())
    return std::nullopt;
  std::vector<std::string> gold, said;
  for (const std::string& line : path.value())
    gold.push_back(normalized(line));
  for (const ThoughtStep& thought : trajectory.thoughts)
    said.push_back(normalized(thought.text));
  return static_cast<double>(common_subsequence(said, gold)) / static_cast<double>(gold.size());
}

AnswerScore score_answer(const Prompt& prompt, const Trajectory& trajectory) {
  AnswerScore score;
  score.length = std::accumulate(trajectory.sampled.begin(), trajectory.sampled.end(), int64_t{0});
  score.calls = std::ssize(trajectory.calls);
  score.truncated = trajectory.finish == Finish::kTurns ||
                    (trajectory.finish == Finish::kLength && !trajectory.answered);
  score.steps = step_accuracy(prompt, trajectory);
  if (!trajectory.answered)
    return score;
  if (asks_for_constraints(prompt))
    score_constraints(prompt, trajectory.answer, score);
  else if (asks_for_report(prompt))
    score_report(prompt, trajectory.answer, score);
  else if (asks_for_box(prompt))
    score_box(prompt, trajectory, score);
  else if (const auto choices = choices_of(prompt))
    score_choice(prompt, *choices, trajectory.answer, score);
  else
    score_text(prompt, trajectory.answer, score);
  return score;
}

std::optional<Baseline> blind_baseline(std::span<const Prompt* const> prompts) {
  if (prompts.empty())
    return std::nullopt;
  const Prompt& first = *prompts.front();
  if (asks_for_constraints(first))
    return Baseline{"nothing said", 0};
  if (asks_for_report(first))
    return constant_report(prompts);
  return asks_for_box(first) ? constant_box(prompts) : constant_answer(prompts);
}

}  // namespace nelumbo
