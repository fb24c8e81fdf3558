// SPDX-License-Identifier: Apache-2.0
#include "reward/probes.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

std::vector<Prompt> cells() {
  const nlohmann::json choices = {"red", "white"};
  return {prompt_with({{"answer", "red"}, {"choices", choices}}),
          prompt_with({{"answer", "red"}, {"choices", choices}}),
          prompt_with({{"answer", "white"}, {"choices", choices}})};
}

TEST(Probes, GoldIsTheTruth) {
  EXPECT_EQ(gold(cells()[0])->answer, "red");
  EXPECT_FALSE(gold(prompt_with({{"label", "x"}})).has_value());
  EXPECT_EQ(gold(prompt_with({{"answer", 2}}))->answer, "2");
}

TEST(Probes, GoldForBoxesIsTheTruthBox) {
  const Box cell{100, 100, 260, 260};
  const auto said = gold(prompt_with({{"boxes", {{100, 100, 260, 260}}}}));
  ASSERT_TRUE(said && said->answer_box);
  EXPECT_GT(iou(*said->answer_box, cell), 0.7);
  EXPECT_TRUE(said->calls.empty());
}

TEST(Probes, GoldShowsWhatItCounts) {
  const auto said = gold(prompt_with({{"answer", "2"},
                                      {"boxes", {{100, 100, 140, 140}, {150, 150, 190, 190}}},
                                      {"region", {80, 80, 280, 280}}}));
  ASSERT_EQ(said->calls.size(), 3u);
  EXPECT_EQ(said->calls[0].name, "zoom");
  EXPECT_EQ(said->calls[0].original_box->x0, 82);
  EXPECT_EQ(said->calls[2].original_box->x0, 150);
}

TEST(Probes, ShuffledTakesAnAnswerThatDiffers) {
  const auto prompts = cells();
  EXPECT_EQ(bad(Probe::kShuffled, prompts, 0)->answer, "white");
  EXPECT_EQ(bad(Probe::kShuffled, prompts, 2)->answer, "red");
  EXPECT_FALSE(bad(Probe::kShuffled, std::span(prompts).first(2), 0).has_value());
}

TEST(Probes, WrongIsWellFormedAndWrong) {
  const auto prompts = cells();
  EXPECT_EQ(bad(Probe::kWrong, prompts, 0)->answer, "white");
  const std::vector<Prompt> numbers = {prompt_with({{"answer", 7}})};
  EXPECT_EQ(bad(Probe::kWrong, numbers, 0)->answer, "8");
  const std::vector<Prompt> boxes = {prompt_with({{"boxes", {{100, 100, 260, 260}}}})};
  const auto box = bad(Probe::kWrong, boxes, 0)->answer_box;
  ASSERT_TRUE(box.has_value());
  EXPECT_EQ(iou(*box, {100, 100, 260, 260}), 0);
}

TEST(Probes, AllCanBeMade) {
  const std::vector<Prompt> prompts = {prompt_with({{"answer", "1"},
                                                    {"choices", {"0", "1"}},
                                                    {"boxes", {{100, 100, 140, 140}}},
                                                    {"region", {80, 80, 280, 280}}}),
                                       prompt_with({{"answer", "0"}, {"choices", {"0", "1"}}})};
  for (const Probe probe : all_probes())
    EXPECT_TRUE(bad(probe, prompts, 0).has_value()) << to_text(probe);
  EXPECT_EQ(bad(Probe::kStuffed, prompts, 0)->answer, "0 1");
  EXPECT_EQ(bad(Probe::kPromptCopy, prompts, 0)->answer, "How many platelets?");
  EXPECT_EQ(bad(Probe::kWrongTools, prompts, 0)->calls.size(), 2u);
  EXPECT_EQ(bad(Probe::kEmpty, prompts, 0)->answer, "");
}

}  // namespace
}  // namespace nelumbo
