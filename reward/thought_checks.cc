// SPDX-License-Identifier: Apache-2.0
#include "reward/thought_checks.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/chain_checks.h"
#include "corpus/coordinates.h"
#include "reward/answers.h"
#include "reward/chain_terms.h"
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
        stands_in(thoughts, scene.trajectory.answer))
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

}  // namespace

Result<StepCheckPtr> read_evidence(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<Evidence>(node));
}

Result<StepCheckPtr> read_conclusion(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<Conclusion>());
}

}  // namespace nelumbo
