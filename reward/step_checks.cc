// SPDX-License-Identifier: Apache-2.0
#include "reward/step_checks.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/boxes.h"
#include "reward/candidate.h"

namespace nelumbo {

namespace {

bool same_box(const std::optional<Box>& a, const std::optional<Box>& b) {
  if (!a || !b)
    return a.has_value() == b.has_value();
  return a->x0 == b->x0 && a->y0 == b->y0 && a->x1 == b->x1 && a->y1 == b->y1;
}

bool same_call(const ToolCall& a, const ToolCall& b) {
  return a.name == b.name && a.image == b.image && a.degrees == b.degrees && a.label == b.label &&
         same_box(a.box, b.box) && same_box(a.original_box, b.original_box);
}

template <class Step, class Same>
void find_repeated(const std::vector<Step>& steps, Same same, const std::string& what,
                   std::vector<Fault>& found) {
  for (size_t i = 1; i < steps.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!same(steps[i], steps[j]))
        continue;
      const std::string reason =
          joined({what, std::to_string(i), "repeats", what, std::to_string(j)}, " ");
      found.push_back(fault_of(steps[i], reason));
      break;
    }
  }
}

class Loop final : public StepCheck {
 public:
  template <class V>
  void fields(V& /*v*/) {}

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    std::vector<Fault> found;
    find_repeated(scene.trajectory.calls, same_call, "call", found);
    find_repeated(
        scene.trajectory.thoughts,
        [](const ThoughtStep& a, const ThoughtStep& b) {
          return normalized(a.text) == normalized(b.text);
        },
        "line", found);
    return found;
  }
};

class Unsupported final : public StepCheck {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the boxes that may be located.", NotEmpty{});
    v(iou_, "iou", "Overlap from which on a located box is supported.", Between{0.01, 1});
  }

  explicit Unsupported(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kBoxes, place_}}; }

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    const auto truth = truth_boxes(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    std::vector<Fault> found;
    for (const ToolCall& call : scene.trajectory.calls) {
      if (call.name != "locate" || !call.original_box || call.error)
        continue;
      const auto best = best_box(*call.original_box, truth.value());
      if (!best || best->iou < iou_)
        found.push_back(fault_of(call, to_text(*call.original_box) + " hits nothing"));
    }
    return found;
  }

 private:
  std::string place_;
  std::string truth_ = "boxes";
  double iou_ = 0.1;
};

class UnusedTool final : public StepCheck {
 public:
  template <class V>
  void fields(V& v) {
    v(region_, "region", "Truth field with the box that was asked about.", NotEmpty{});
    v(inside_, "inside",
      "Share of the region that a zoom must show, or of the zoom that must lie "
      "in the region.",
      Between{0.01, 1});
  }

  explicit UnusedTool(const SpecNode& node) : place_(node.place_of("region")) {}

  std::vector<TruthField> needs() const override {
    if (!region_)
      return {};
    return {{*region_, TruthShape::kBox, place_}};
  }

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    std::optional<Box> region;
    if (region_) {
      const auto truth = truth_box(scene.prompt.truth, *region_);
      if (!truth)
        return truth.error();
      region = truth.value();
    }
    std::vector<Fault> found;
    for (size_t i = 0; i < scene.trajectory.calls.size(); ++i)
      if (const std::string reason = fault(scene, i, region); !reason.empty())
        found.push_back(fault_of(scene.trajectory.calls[i], reason));
    return found;
  }

 private:
  /// Two pictures that overlap more than this show the same.
  static constexpr double kSame = 0.9;

  std::string fault(const Scene& scene, size_t i, const std::optional<Box>& region) const {
    const auto& calls = scene.trajectory.calls;
    const ToolCall& call = calls[i];
    if (call.error)
      return "failed: " + *call.error;
    if (call.name != "zoom" || !call.original_box)
      return "";
    const Box& seen = *call.original_box;
    if (region && share_inside(seen, *region) < inside_ && share_inside(*region, seen) < inside_)
      return "zoom " + to_text(seen) + " lies outside the region " + to_text(*region);
    if (iou(seen, scene.prompt.view) > kSame)
      return "zoom shows what was shown already";
    for (size_t j = 0; j < i; ++j)
      if (calls[j].name == "zoom" && calls[j].original_box && !calls[j].error &&
          iou(seen, *calls[j].original_box) > kSame)
        return "zoom shows what call " + std::to_string(j) + " showed";
    return "";
  }

  std::string place_;
  std::optional<std::string> region_;
  double inside_ = 0.25;
};

class WrongOrder final : public StepCheck {
 public:
  template <class V>
  void fields(V& v) {
    v(order_, "order", "Tools, each of which needs a success of the one before it first.");
  }

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    const auto& calls = scene.trajectory.calls;
    std::vector<Fault> found;
    for (size_t i = 0; i < calls.size(); ++i) {
      if (after_answer(scene.trajectory.text, i))
        found.push_back(fault_of(calls[i], calls[i].name + " after an answer"));
      else if (const std::string missing = missing_before(calls, i); !missing.empty())
        found.push_back(fault_of(calls[i], calls[i].name + " before " + missing));
    }
    return found;
  }

 private:
  static bool after_answer(const std::string& text, size_t call) {
    size_t at = text.find(kToolOpen);
    for (size_t i = 0; i < call && at != std::string::npos; ++i)
      at = text.find(kToolOpen, at + kToolOpen.size());
    const std::vector<size_t> answers = answer_places(text);
    return at != std::string::npos && !answers.empty() && answers.front() < at;
  }

  std::string missing_before(const std::vector<ToolCall>& calls, size_t i) const {
    const auto at = std::ranges::find(order_, calls[i].name);
    if (at == order_.end() || at == order_.begin())
      return "";
    const std::string& needed = *(at - 1);
    const bool seen =
        std::any_of(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const ToolCall& call) { return call.name == needed && !call.error; });
    return seen ? "" : needed;
  }

  std::vector<std::string> order_;
};

}  // namespace

Result<StepCheckPtr> read_loop(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.1, std::make_unique<Loop>());
}

Result<StepCheckPtr> read_unsupported(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<Unsupported>(node));
}

Result<StepCheckPtr> read_unused_tool(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.8, std::make_unique<UnusedTool>(node));
}

Result<StepCheckPtr> read_wrong_order(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.9, std::make_unique<WrongOrder>());
}

}  // namespace nelumbo
