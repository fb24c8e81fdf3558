// SPDX-License-Identifier: Apache-2.0
#include "reward/box_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

Trajectory pointing_at(const Box& box) {
  Trajectory trajectory;
  trajectory.answered = true;
  trajectory.answer_box = box;
  return trajectory;
}

const Prompt& two_cells() {
  static const Prompt prompt = prompt_with({{"boxes", {{0, 0, 100, 100}, {200, 200, 300, 300}}}});
  return prompt;
}

TEST(IouTerm, IsTheOverlapWithTheBestTruthBox) {
  // Overlap 50 x 100 of 150 x 100.
  const Verdict verdict = judged("{kind: iou}", two_cells(), pointing_at({50, 0, 150, 100}));
  EXPECT_NEAR(verdict.value, 1.0 / 3, 1e-12);
  EXPECT_EQ(verdict.evidence, "[50, 0, 150, 100], IoU 0.33 with truth box [0, 0, 100, 100]");
  EXPECT_EQ(judged("{kind: iou}", two_cells(), pointing_at({200, 200, 300, 300})).value, 1);
}

TEST(IouTerm, IsAStepAtTheThreshold) {
  const Trajectory half = pointing_at({0, 0, 100, 50});
  EXPECT_EQ(judged("{kind: iou, threshold: 0.5}", two_cells(), half).value, 1);
  EXPECT_EQ(judged("{kind: iou, threshold: 0.51}", two_cells(), half).value, 0);
}

TEST(IouTerm, IsZeroWithoutABox) {
  EXPECT_EQ(judged("{kind: iou}", two_cells(), Trajectory{}).evidence, "the answer is no box");
  const Prompt none = prompt_with({{"boxes", nlohmann::json::array()}});
  EXPECT_EQ(judged("{kind: iou}", none, pointing_at({0, 0, 1, 1})).value, 0);
}

TEST(BoxesF1Term, ComparesAllLocatedBoxes) {
  Trajectory trajectory;
  add_call(trajectory, "locate", {0, 0, 100, 90});
  add_call(trajectory, "locate", {400, 400, 440, 440});
  add_call(trajectory, "zoom", {200, 200, 300, 300});
  // One of two boxes hits one of two: 2 * 1 / 4.
  EXPECT_DOUBLE_EQ(judged("{kind: boxes_f1, from: located}", two_cells(), trajectory).value, 0.5);
}

TEST(BoxesF1Term, ReadsTheBoxesOfTheAnswer) {
  const std::string both = box_answer({0, 0, 100, 100}, two_cells()) + " " +
                           box_answer({200, 200, 300, 300}, two_cells());
  EXPECT_DOUBLE_EQ(value_of("{kind: boxes_f1}", two_cells(), both), 1);
  EXPECT_DOUBLE_EQ(value_of("{kind: boxes_f1}", two_cells(), "two"), 0);
}

TEST(BoxesF1Term, RefusesToMatchTooMany) {
  Trajectory trajectory;
  for (int i = 0; i < 65; ++i)
    add_call(trajectory, "locate", {0, 0, 100, 100});
  EXPECT_EQ(judged("{kind: boxes_f1, from: located}", two_cells(), trajectory).evidence,
            "65 boxes are too many");
}

TEST(IouTerm, RaisesItsThresholdWithTheSteps) {
  const Prompt prompt = prompt_with({{"boxes", {{0, 0, 100, 100}}}});
  Trajectory said = answer_candidate(prompt, "x");
  said.answer_box = Box{0, 0, 100, 50};  // IoU 0.5
  TermHeader header;
  const auto term =
      read_rule_term(node_of("{kind: iou, threshold: 0.4, rises_to: 0.6, over: 100}"), header);
  ASSERT_TRUE(term.ok());
  const auto value_at = [&](double steps) {
    return term.value()->judge({prompt, said, 0, false, steps}).value().value;
  };
  EXPECT_EQ(value_at(0), 1);
  EXPECT_EQ(value_at(50), 1);  // threshold 0.5
  EXPECT_EQ(value_at(51), 0);
  EXPECT_EQ(value_at(1000), 0);
}

TEST(IouTerm, NeedsAWholeCurriculum) {
  const Prompt prompt = prompt_with({{"boxes", {{0, 0, 100, 100}}}});
  EXPECT_EQ(value_of("{kind: iou, rises_to: 0.6, over: 9}", prompt, "x"), -100);
  EXPECT_EQ(value_of("{kind: iou, threshold: 0.6, rises_to: 0.5, over: 9}", prompt, "x"), -100);
  EXPECT_EQ(value_of("{kind: iou, threshold: 0.6, over: 9}", prompt, "x"), -100);
}

}  // namespace
}  // namespace nelumbo
