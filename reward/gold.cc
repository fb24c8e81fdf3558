// SPDX-License-Identifier: Apache-2.0
#include "reward/gold.h"

#include <algorithm>
#include <cstdint>
#include <sstream>

#include "base/ascii.h"
#include "base/text.h"
#include "corpus/constraint.h"
#include "corpus/coordinates.h"
#include "corpus/grid.h"
#include "corpus/reasoning_chain.h"
#include "corpus/smear_questions.h"
#include "corpus/smear_words.h"
#include "reward/boxes.h"
#include "reward/candidate.h"
#include "reward/truth.h"

namespace nelumbo {

namespace {

/// Room around what a gold zoom shows, as a share of its size.
constexpr double kZoomMargin = 0.2;
/// A word that no rule is likely to name.
constexpr const char* kFiller = "so";

/// What can be seen of a box, in units of the view.
Box shown_part(const Box& box, const Prompt& prompt) {
  return intersection(from_original({prompt.view, prompt.orientation}, box),
                      {0, 0, kUnits, kUnits});
}

/// The truth box whose grid form fits it best.
std::optional<std::string> best_box_answer(const Prompt& prompt, const std::vector<Box>& boxes) {
  std::optional<std::string> best;
  double most = -1;
  for (const Box& box : boxes) {
    if (shown_part(box, prompt).area() <= 0)
      continue;
    const std::string answer = box_answer(box, prompt);
    const auto read = boxes_in(answer, prompt);
    const double fit = iou(read.value().front(), box);
    if (fit > most) {
      most = fit;
      best = answer;
    }
  }
  return best;
}

/// An answer that keeps the rules of corpus/constraint.h, where they can be kept by naming each
/// word as often as it is asked for and no other.
std::optional<std::string> keeping(const std::vector<std::string>& rules) {
  std::vector<std::string> middle, first, last;
  int64_t wanted = 1;
  bool upper = false;
  for (const std::string& rule : rules) {
    std::istringstream parts(rule);
    std::string kind, word;
    int64_t times = 1;
    parts >> kind >> word >> times;
    upper = upper || kind == "upper";
    if (kind == "words")
      std::istringstream(word) >> wanted;
    else if (kind == "first")
      first = {word};
    else if (kind == "last")
      last = {word};
    else if (kind == "has" || kind == "times")
      middle.insert(middle.end(), static_cast<size_t>(kind == "has" ? 1 : times), word);
  }
  std::vector<std::string> words = std::move(first);
  words.insert(words.end(), middle.begin(), middle.end());
  while (std::ssize(words) + std::ssize(last) < wanted)
    words.emplace_back(kFiller);
  words.insert(words.end(), last.begin(), last.end());
  std::string answer = joined(words, ", ");
  if (upper)
    std::ranges::transform(answer, answer.begin(), ascii_upper);
  const bool kept = std::ranges::all_of(rules, [&](const std::string& rule) {
    const auto keeps = meets(rule, answer);
    return keeps && keeps.value();
  });
  return kept ? std::optional(answer) : std::nullopt;
}

std::string report_of(const std::vector<Box>& white, double platelets, const Prompt& prompt) {
  std::vector<GridBox> placed;
  for (const Box& box : white) {
    const Box shown = shown_part(box, prompt);
    if (shown.area() > 0 && std::ssize(placed) < kMostCounted)
      placed.push_back(grid_from_box(shown));
  }
  return report_answer(placed, static_cast<int64_t>(platelets));
}

/// Where a gold zoom looks: around the boxes, or into the middle of an empty region.
Box zoom_box(const std::vector<Box>& boxes, const Box& region) {
  Box all = boxes.empty() ? region : boxes.front();
  for (const Box& box : boxes)
    all = {std::min(all.x0, box.x0), std::min(all.y0, box.y0), std::max(all.x1, box.x1),
           std::max(all.y1, box.y1)};
  const double grow = boxes.empty() ? -kZoomMargin : kZoomMargin;
  const Box around{all.x0 - grow * all.width(), all.y0 - grow * all.height(),
                   all.x1 + grow * all.width(), all.y1 + grow * all.height()};
  return intersection(around, region);
}

}  // namespace

std::optional<std::string> gold_answer(const Prompt& prompt) {
  if (const auto answer = truth_answer(prompt.truth, "answer"))
    return answer.value();
  if (const auto rules = truth_texts(prompt.truth, "constraints"))
    return keeping(rules.value());
  const auto white = truth_boxes(prompt.truth, "white");
  const auto platelets = truth_number(prompt.truth, "platelets");
  if (white && platelets)
    return report_of(white.value(), platelets.value(), prompt);
  const auto boxes = truth_boxes(prompt.truth, "boxes");
  return boxes ? best_box_answer(prompt, boxes.value()) : std::nullopt;
}

std::optional<Trajectory> gold(const Prompt& prompt) {
  const auto answer = gold_answer(prompt);
  if (!answer)
    return std::nullopt;
  const auto path = truth_texts(prompt.truth, "path");
  if (const auto text = path ? thought_answer(path.value(), *answer) : std::nullopt)
    return candidate(prompt, *text);
  Trajectory trajectory = answer_candidate(prompt, *answer);
  if (prompt.truth.contains("answer"))
    add_gold_calls(prompt, trajectory);
  return trajectory;
}

void add_gold_calls(const Prompt& prompt, Trajectory& trajectory) {
  const auto boxes = truth_boxes(prompt.truth, "boxes");
  const auto region = truth_box(prompt.truth, "region");
  if (!boxes || !region)
    return;
  add_call(trajectory, "zoom", zoom_box(boxes.value(), region.value()));
  for (const Box& box : boxes.value())
    add_call(trajectory, "locate", box);
}

std::optional<std::string> thought_answer(const std::vector<std::string>& lines,
                                          const std::string& answer) {
  ReasoningChain chain;
  std::vector<std::string> hops;
  for (const std::string& line : lines) {
    const auto fact = read_edge(line);
    if (!fact)
      return std::nullopt;
    chain.reason.push_back(fact->from);
    hops.emplace_back(hop_word(fact->hop));
  }
  if (lines.empty())
    return std::nullopt;
  chain.understand = chain.reason.front() + ": " + joined(hops, ", ");
  chain.recall = lines;
  chain.reason.push_back(answer);
  chain.conclude = answer;
  return chain.text() + std::string(kAnswerOpen) + " " + answer + std::string(kAnswerClose);
}

}  // namespace nelumbo
