// SPDX-License-Identifier: Apache-2.0
#include "reward/box_terms.h"

#include <algorithm>
#include <cstdio>

#include "reward/box_matchers.h"
#include "reward/boxes.h"
#include "reward/candidate.h"

namespace nelumbo {

namespace {

/// More boxes than any answer needs; beyond them the matching would cost too much.
constexpr int64_t kMostBoxes = 64;

std::string two_digits(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

class Iou final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the boxes.", NotEmpty{});
    v(threshold_, "threshold", "IoU from which on the value is 1, else 0; raw IoU without it.",
      Between{0.01, 1});
    v(rises_to_, "rises_to", "What the threshold rises to in a line.", Between{0.01, 1});
    v(over_, "over", "Learner steps that the rise takes.", Positive{});
  }

  Result<void> check(const SpecNode& node) const {
    if (!rises_to_)
      return over_ ? node.at("over").value().error("needs 'rises_to' beside it") : Result<void>();
    const SpecNode at = node.at("rises_to").value();
    if (!threshold_ || !over_)
      return at.error("needs 'threshold' and 'over' beside it");
    return *rises_to_ > *threshold_ ? Result<void>() : at.error("must be more than threshold");
  }

  explicit Iou(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kBoxes, place_}}; }

  Result<void> fits(const Prompt& prompt) const override {
    const auto truth = truth_boxes(prompt.truth, truth_);
    if (!truth)
      return truth.error();
    for (const Box& box : truth.value())
      if (box.x0 < box.x1 && box.y0 < box.y1)
        return {};
    return Error{Errc::kBadData, place_ + ": '" + truth_ +
                                     "' has no box [x0, y0, x1, y1] with x0 < x1 and y0 < y1"};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_boxes(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    if (!scene.trajectory.answer_box)
      return Verdict{0, "the answer is no box"};
    const Box& box = *scene.trajectory.answer_box;
    const auto best = best_box(box, truth.value());
    if (!best)
      return Verdict{0, to_text(box) + ", but there is no truth box"};
    const std::string overlap = to_text(box) + ", IoU " + two_digits(best->iou) +
                                " with truth box " +
                                to_text(truth.value()[static_cast<size_t>(best->index)]);
    if (!threshold_)
      return Verdict{best->iou, overlap};
    const double wanted = threshold_at(scene.steps);
    return Verdict{best->iou >= wanted ? 1.0 : 0.0, overlap + ", wanted " + two_digits(wanted)};
  }

 private:
  double threshold_at(double steps) const {
    if (!rises_to_)
      return *threshold_;
    const double share = std::clamp(steps / static_cast<double>(*over_), 0.0, 1.0);
    return *threshold_ + share * (*rises_to_ - *threshold_);
  }

  std::string place_;
  std::string truth_ = "boxes";
  std::optional<double> threshold_, rises_to_;
  std::optional<int64_t> over_;
};

class BoxesF1 final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the boxes.", NotEmpty{});
    v(from_, "from", "Which boxes: those of the answer or of the locate calls.",
      OneOf{"answer", "located"});
    v(threshold_, "threshold", "IoU from which on two boxes may be a pair.", Between{0.01, 1});
    v(soft_, "soft", "Count a pair as its IoU, not as 1.");
  }

  explicit BoxesF1(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kBoxes, place_}}; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_boxes(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    const auto boxes = given(scene);
    if (!boxes)
      return Verdict{0, "the answer is no list of boxes"};
    if (std::ssize(*boxes) > kMostBoxes)
      return Verdict{0, std::to_string(boxes->size()) + " boxes are too many"};
    const BoxesScore score = boxes_f1(*boxes, truth.value(), threshold_, soft_);
    return Verdict{score.f1, std::to_string(boxes->size()) + " boxes, " +
                                 std::to_string(truth.value().size()) + " in truth, matched " +
                                 two_digits(score.matched)};
  }

 private:
  std::optional<std::vector<Box>> given(const Scene& scene) const {
    if (from_ == "answer")
      return boxes_in(scene.trajectory.answer, scene.prompt);
    return located_boxes(scene.trajectory);
  }

  std::string place_;
  std::string truth_ = "boxes";
  std::string from_ = "answer";
  double threshold_ = 0.5;
  bool soft_ = false;
};

}  // namespace

Result<TermPtr> read_iou(const SpecNode& node, TermHeader& header) {
  auto term = std::make_unique<Iou>(node);
  if (auto done = read_fields(node, {}, header, *term); !done)
    return done.error();
  if (auto done = term->check(node); !done)
    return done.error();
  return TermPtr(std::move(term));
}

Result<TermPtr> read_boxes_f1(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<BoxesF1>(node));
}

}  // namespace nelumbo
