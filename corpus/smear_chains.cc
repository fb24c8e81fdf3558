// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_chains.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"

namespace nelumbo {
namespace {

/// Answers and words of classes begin with a blank, which the text of a chain puts itself.
std::string trimmed(const std::string& words) {
  return words.starts_with(' ') ? words.substr(1) : words;
}

/// The box that a type question names.
GridBox asked_box(const SmearQuestion& question) {
  const size_t from = question.text.find('<'), end = question.text.rfind('>');
  NELUMBO_CHECK(from != std::string::npos && end != std::string::npos)
      << "'" << question.text << "' names no box";
  const std::optional<GridBox> box =
      read_grid(std::string_view(question.text).substr(from, end + 1 - from));
  NELUMBO_CHECK(box) << "'" << question.text << "' names no box";
  return *box;
}

std::vector<Box> platelets_in_view(const SmearQuestion& question, const Frame& frame) {
  std::vector<Box> boxes;
  for (const Box& platelet : question.platelets)
    boxes.push_back(from_original(frame, platelet));
  std::sort(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.y0 < b.y0; });
  return boxes;
}

std::string seen(SmearClass what, const GridBox& box) {
  return trimmed(class_word(what)) + grid_text(box);
}

}  // namespace

ReasoningChain smear_chain(const SmearQuestion& question, const Frame& frame) {
  ReasoningChain chain;
  chain.conclude = trimmed(question.answer);
  chain.reason = {chain.conclude};
  if (question.task == "locate") {
    chain.understand = "locate white";
    chain.recall = {trimmed(class_word(SmearClass::kWhite)) + question.answer};
  } else if (question.task == "type") {
    chain.understand = "type";
    chain.recall = {trimmed(question.answer) + grid_text(asked_box(question))};
  } else {
    NELUMBO_CHECK(question.task == "count" && question.region) << question.task;
    chain.understand = "count platelet";
    for (const Box& box : platelets_in_view(question, frame))
      if (std::ssize(chain.recall) < kMostCounted)
        chain.recall.push_back(seen(SmearClass::kPlatelet, grid_from_box(box)));
    if (chain.recall.empty())
      chain.recall = {seen(SmearClass::kNone, *question.region)};
  }
  return chain;
}

ChainEvidence smear_evidence(const SmearQuestion& question, const Frame& frame) {
  ChainEvidence evidence;
  evidence.question = question.text;
  if (question.task == "locate")
    for (const auto& box : question.truth.at("boxes"))
      evidence.boxes.push_back(from_original(frame, {box[0].get<double>(), box[1].get<double>(),
                                                     box[2].get<double>(), box[3].get<double>()}));
  else if (question.task == "type")
    evidence.boxes = {box_from_grid(asked_box(question))};
  else
    evidence.boxes = platelets_in_view(question, frame);
  if (evidence.boxes.empty() && question.region)
    evidence.boxes = {box_from_grid(*question.region)};
  return evidence;
}

}  // namespace nelumbo
