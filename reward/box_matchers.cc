// SPDX-License-Identifier: Apache-2.0
#include "reward/box_matchers.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "reward/answers.h"
#include "reward/asked_number.h"
#include "reward/boxes.h"
#include "reward/stated_answer.h"

namespace nelumbo {

namespace {

/// Boxes are rounded on their way through the grid and back.
constexpr double kSlack = 1e-6;

class BoxInside final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(what_, "box_inside", "What the answer's box must lie in.", OneOf{"picture", "view"});
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto& box = scene.trajectory.answer_box;
    if (!box || box->area() <= 0)
      return Verdict{0, "no box"};
    const Box outer = what_ == "view" ? scene.prompt.view : scene.picture();
    const bool inside = box->x0 >= outer.x0 - kSlack && box->y0 >= outer.y0 - kSlack &&
                        box->x1 <= outer.x1 + kSlack && box->y1 <= outer.y1 + kSlack;
    return Verdict{inside ? 1.0 : 0.0,
                   to_text(*box) + (inside ? " in " : " not in ") + to_text(outer)};
  }

 private:
  std::string what_;
};

class BoxArea final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(range_, "box_area", "Least and largest share of the shown picture.", NotEmpty{});
  }

  Result<void> check(const SpecNode& node) const {
    if (range_.size() != 2 || range_[0] < 0 || range_[0] >= range_[1])
      return node.at("box_area")
          .value()
          .error("must be [least, largest] with 0 <= least < largest");
    return {};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto& box = scene.trajectory.answer_box;
    const double whole = scene.prompt.view.area();
    if (!box || whole <= 0)
      return Verdict{0, "no box"};
    const double share = box->area() / whole;
    char text[60];
    std::snprintf(text, sizeof text, "%.2f %% of the view", 100 * share);
    return Verdict{share >= range_[0] && share <= range_[1] ? 1.0 : 0.0, text};
  }

 private:
  std::vector<double> range_;
};

class LocatedHits final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "located_hits", "Truth field with the boxes.", NotEmpty{});
    v(iou_, "iou", "Overlap from which on a located box hits.", Between{0.01, 1});
  }

  explicit LocatedHits(const SpecNode& node) : place_(node.place_of("located_hits")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kBoxes, place_}}; }

  bool applies(const Prompt& prompt) const override {
    const auto truth = truth_boxes(prompt.truth, truth_);
    return !truth || !truth.value().empty();
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_boxes(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    for (const Box& box : located_boxes(scene.trajectory)) {
      const auto best = best_box(box, truth.value());
      if (best && best->iou >= iou_)
        return Verdict{1, to_text(box) + " hits truth box " + std::to_string(best->index)};
    }
    return Verdict{0, "no located box hits"};
  }

 private:
  std::string place_;
  std::string truth_;
  double iou_ = 0.3;
};

class LocatedCount final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(what_, "located_count", "What must equal the number of located boxes.", OneOf{"answer"});
    v(at_most_, "at_most", "Counts from here on are one.", Positive{});
    v(may_be_fewer_, "may_be_fewer", "Also match when fewer boxes are located than counted.");
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto said = worded_quantity(stated_number(scene.trajectory.answer), scene.prompt.text);
    const auto n = std::ssize(located_boxes(scene.trajectory));
    if (!said)
      return Verdict{0, "the answer is no number"};
    const double most = at_most_ ? static_cast<double>(*at_most_) : HUGE_VAL;
    const double counted = std::min(said->value.to_double(), most);
    const double located = std::min(static_cast<double>(n), most);
    const bool same = may_be_fewer_ ? located <= counted : located == counted;
    return Verdict{same ? 1.0 : 0.0,
                   std::to_string(n) + " located, answer " + in_quotes(scene.trajectory.answer)};
  }

 private:
  std::string what_;
  std::optional<int64_t> at_most_;
  bool may_be_fewer_ = false;
};

}  // namespace

Result<TermPtr> match_box_inside(const SpecNode& node) {
  return read_bare(node, std::make_unique<BoxInside>());
}

Result<TermPtr> match_box_area(const SpecNode& node) {
  auto term = std::make_unique<BoxArea>();
  if (auto done = read_fields(node, {}, *term); !done)
    return done.error();
  if (auto done = term->check(node); !done)
    return done.error();
  return TermPtr(std::move(term));
}

Result<TermPtr> match_located_hits(const SpecNode& node) {
  return read_bare(node, std::make_unique<LocatedHits>(node));
}

Result<TermPtr> match_located_count(const SpecNode& node) {
  return read_bare(node, std::make_unique<LocatedCount>());
}

std::vector<Box> located_boxes(const Trajectory& trajectory) {
  std::vector<Box> boxes;
  for (const ToolCall& call : trajectory.calls)
    if (call.name == "locate" && call.original_box && !call.error)
      boxes.push_back(*call.original_box);
  return boxes;
}

}  // namespace nelumbo
