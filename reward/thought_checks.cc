// SPDX-License-Identifier: Apache-2.0
#include "reward/thought_checks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/chain_checks.h"
#include "corpus/coordinates.h"
#include "corpus/reasoning_chain.h"
#include "reward/answers.h"
#include "reward/chain_terms.h"
#include "reward/choices.h"
#include "reward/list_terms.h"

namespace nelumbo {

namespace {

class Evidence final : public StepCheck {
 public:
  template <class V>
  void fields(V& v) {
    v(sources_, "sources", "Truth field with passages that may be quoted.", NotEmpty{});
    v(boxes_, "boxes", "Truth field with what can be seen.", NotEmpty{});
  }

  explicit Evidence(const SpecNode& node)
      : sources_place_(node.place_of("sources")), boxes_place_(node.place_of("boxes")) {}

  std::vector<TruthField> needs() const override {
    std::vector<TruthField> fields;
    if (sources_)
      fields.push_back({*sources_, TruthShape::kTexts, sources_place_});
    if (boxes_)
      fields.push_back({*boxes_, TruthShape::kBoxes, boxes_place_});
    return fields;
  }

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    const auto evidence = evidence_for(scene.prompt);
    if (!evidence)
      return evidence.error();
    std::vector<Fault> found;
    for (const ThoughtStep& thought : scene.trajectory.thoughts)
      if (!has_evidence(thought.text, evidence.value()))
        found.push_back(
            fault_of(thought, in_quotes(thought.text) + " has no box and no quotation"));
    return found;
  }

 private:
  Result<ChainEvidence> evidence_for(const Prompt& prompt) const {
    ChainEvidence evidence;
    evidence.question = question_of(prompt);
    if (sources_) {
      auto sources = truth_texts(prompt.truth, *sources_);
      if (!sources)
        return sources.error();
      evidence.sources = std::move(sources).value();
    }
    if (boxes_) {
      const auto boxes = truth_boxes(prompt.truth, *boxes_);
      if (!boxes)
        return boxes.error();
      for (const Box& box : boxes.value())
        evidence.boxes.push_back(from_original({prompt.view, prompt.orientation}, box));
    }
    return evidence;
  }

  std::string sources_place_, boxes_place_;
  std::optional<std::string> sources_, boxes_;
};

class Conclusion final : public StepCheck {
 public:
  template <class V>
  void fields(V& /*v*/) {}

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    const std::vector<ThoughtStep>& thoughts = scene.trajectory.thoughts;
    std::vector<Fault> found;
    if (thoughts.empty() || !scene.trajectory.answered ||
        stands_in(thoughts, scene.trajectory.answer) ||
        stands_in(thoughts, spelled_out(scene.prompt.truth, scene.trajectory.answer)))
      return found;
    for (const std::string& item : list_items(scene.trajectory.answer))
      if (found.empty() && !stands_in(thoughts, item))
        found.push_back(fault_of(thoughts.back(), in_quotes(item) + " is concluded from no line"));
    return found;
  }

 private:
  static bool stands_in(const std::vector<ThoughtStep>& thoughts, const std::string& words) {
    return std::ranges::any_of(
        thoughts, [&](const ThoughtStep& thought) { return has_words(thought.text, words); });
  }
};

/// The parts of a thought, and the answer behind them, in the order in which they should stand.
constexpr std::array<std::string_view, kChainTags.size() + 1> kInOrder = {
    kChainTags[0], kChainTags[1], kChainTags[2], kChainTags[3], "answer"};

/// Opening tags by their place in a text; each is a place in kInOrder.
std::map<size_t, size_t> parts_in(std::string_view text) {
  std::map<size_t, size_t> parts;
  for (size_t i = 0; i < kInOrder.size(); ++i) {
    const std::string tag = "<" + std::string(kInOrder[i]) + ">";
    for (size_t at = text.find(tag); at != std::string_view::npos; at = text.find(tag, at + 1))
      parts[at] = i;
  }
  return parts;
}

class Parts final : public StepCheck {
 public:
  template <class V>
  void fields(V& /*v*/) {}

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    const std::string why = disorder(scene.trajectory.text);
    std::vector<Fault> found;
    for (const ThoughtStep& thought : scene.trajectory.thoughts)
      if (!why.empty())
        found.push_back(fault_of(thought, why));
    return found;
  }

 private:
  /// Which part stands out of order; empty where none does. Several answers are a gate's matter.
  static std::string disorder(std::string_view text) {
    std::optional<size_t> farthest;
    for (const auto& [place, part] : parts_in(text)) {
      const bool is_answer = part + 1 == kInOrder.size();
      if (farthest == part && !is_answer)
        return std::string(kInOrder[part]) + " stands there twice";
      if (farthest && *farthest > part)
        return std::string(kInOrder[part]) + " stands behind " + std::string(kInOrder[*farthest]);
      farthest = part;
    }
    return "";
  }
};

}  // namespace

Result<StepCheckPtr> read_evidence(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<Evidence>(node));
}

Result<StepCheckPtr> read_conclusion(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<Conclusion>());
}

Result<StepCheckPtr> read_parts(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.9, std::make_unique<Parts>());
}

}  // namespace nelumbo
