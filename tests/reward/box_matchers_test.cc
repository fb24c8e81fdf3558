// SPDX-License-Identifier: Apache-2.0
#include "reward/box_matchers.h"

#include <utility>

#include <gtest/gtest.h>

#include "reward/matchers.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

Prompt platelets() {
  return prompt_with({{"boxes", {{100, 100, 140, 140}}}, {"empty", nlohmann::json::array()}});
}

double match(const std::string& yaml, const Trajectory& trajectory) {
  const auto matcher = read_matcher(node_of(yaml));
  const Prompt prompt = platelets();
  return matcher.value()->judge({prompt, trajectory}).value().value;
}

Trajectory pointing_at(const Box& box) {
  Trajectory trajectory;
  trajectory.answered = true;
  trajectory.answer_box = box;
  return trajectory;
}

TEST(BoxMatchers, KnowWhatLiesInside) {
  EXPECT_EQ(match("{box_inside: picture}", pointing_at({0, 0, 480, 480})), 1);
  EXPECT_EQ(match("{box_inside: picture}", pointing_at({0, 0, 481, 480})), 0);
  EXPECT_EQ(match("{box_inside: picture}", pointing_at({5, 5, 5, 9})), 0);
  EXPECT_EQ(match("{box_inside: picture}", Trajectory{}), 0);
}

TEST(BoxMatchers, TellPictureFromView) {
  Prompt prompt = platelets();
  auto image = std::make_shared<Image>();
  image->width = 1000;
  image->height = 800;
  prompt.image = image;
  const Trajectory said = pointing_at({500, 500, 700, 700});
  const auto picture = read_matcher(node_of("{box_inside: picture}"));
  const auto view = read_matcher(node_of("{box_inside: view}"));
  EXPECT_EQ(picture.value()->judge({prompt, said}).value().value, 1);
  EXPECT_EQ(view.value()->judge({prompt, said}).value().value, 0);
}

TEST(BoxMatchers, MeasureAreaAgainstTheView) {
  // 48 x 48 of 480 x 480 is 0.01.
  const Trajectory said = pointing_at({0, 0, 48, 48});
  EXPECT_EQ(match("{box_area: [0.009, 0.2]}", said), 1);
  EXPECT_EQ(match("{box_area: [0.011, 0.2]}", said), 0);
  EXPECT_EQ(match("{box_area: [0, 0.009]}", said), 0);
  EXPECT_EQ(match("{box_area: [0, 1]}", Trajectory{}), 0);
}

TEST(BoxMatchers, AskThatOneLocatedBoxHits) {
  Trajectory said;
  EXPECT_EQ(match("{located_hits: boxes}", said), 0);
  add_call(said, "locate", {300, 300, 340, 340});
  EXPECT_EQ(match("{located_hits: boxes}", said), 0);
  // Overlap 40 x 20 of 40 x 60.
  add_call(said, "locate", {100, 120, 140, 160});
  EXPECT_EQ(match("{located_hits: boxes, iou: 0.33}", said), 1);
  EXPECT_EQ(match("{located_hits: boxes, iou: 0.34}", said), 0);
  said.calls[1].error = "no such image";
  EXPECT_EQ(match("{located_hits: boxes, iou: 0.33}", said), 0);
}

TEST(BoxMatchers, DoNotApplyWhereThereIsNothingToHit) {
  const auto hits = read_matcher(node_of("{located_hits: empty}"));
  EXPECT_FALSE(hits.value()->applies(platelets()));
  const auto some = read_matcher(node_of("{located_hits: boxes}"));
  EXPECT_TRUE(some.value()->applies(platelets()));
}

TEST(BoxMatchers, CompareTheAnswerWithTheNumberLocated) {
  Trajectory said;
  said.answer = "2";
  add_call(said, "locate", {0, 0, 5, 5});
  EXPECT_EQ(match("{located_count: answer}", said), 0);
  add_call(said, "locate", {9, 9, 15, 15});
  EXPECT_EQ(match("{located_count: answer}", said), 1);
  for (const auto& [answer, value] :
       {std::pair("2 platelets", 1), {"3 platelets", 0}, {"2 or 3", 0}}) {
    said.answer = answer;
    EXPECT_EQ(match("{located_count: answer}", said), value) << answer;
  }
  said.answer = "3";
  add_call(said, "locate", {20, 9, 25, 15});
  add_call(said, "locate", {40, 9, 45, 15});
  EXPECT_EQ(match("{located_count: answer}", said), 0);
  EXPECT_EQ(match("{located_count: answer, at_most: 3}", said), 1);
  said.answer = "5";
  EXPECT_EQ(match("{located_count: answer}", said), 0);
  EXPECT_EQ(match("{located_count: answer, may_be_fewer: true}", said), 1);
  said.answer = "1";
  EXPECT_EQ(match("{located_count: answer, may_be_fewer: true}", said), 0);
  said.answer = "some";
  EXPECT_EQ(match("{located_count: answer}", said), 0);
}

}  // namespace
}  // namespace nelumbo
