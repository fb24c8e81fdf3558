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
  const std::vector<Prompt> large = {prompt_with({{"answer", "9007199254740992"}})};
  EXPECT_EQ(bad(Probe::kWrong, large, 0)->answer, "9007199254740993");
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
  const std::vector<std::string> criteria = {"short", "names a number"};
  for (const Probe probe : all_probes())
    EXPECT_EQ(bad(probe, prompts, 0, criteria).has_value(), probe != Probe::kLucky)
        << to_text(probe);
  EXPECT_EQ(bad(Probe::kRubricCopy, prompts, 0, criteria)->answer, "short; names a number");
  EXPECT_FALSE(bad(Probe::kRubricCopy, prompts, 0));
  EXPECT_EQ(bad(Probe::kStuffed, prompts, 0)->answer, "0 1");
  EXPECT_EQ(bad(Probe::kPromptCopy, prompts, 0)->answer, "How many platelets?");
  EXPECT_EQ(bad(Probe::kWrongSteps, prompts, 0)->calls.size(), 2u);
  EXPECT_EQ(bad(Probe::kEmpty, prompts, 0)->answer, "");
}

/// A question in words, without a picture.
Prompt asked(nlohmann::json truth) {
  Prompt prompt = prompt_with(std::move(truth));
  prompt.view = {};
  return prompt;
}

TEST(Probes, ThinkBeforeAWrongAnswerAndWronglyBeforeARightOne) {
  const std::vector<Prompt> prompts = {asked(
      {{"answer", "c"}, {"choices", {"c", "d"}}, {"path", {"a | gene | b", "b | band | c"}}})};
  const auto wrong = bad(Probe::kWrongSteps, prompts, 0);
  ASSERT_EQ(wrong->thoughts.size(), 2u);
  EXPECT_EQ(wrong->thoughts[1].text, "b | band | c");
  EXPECT_EQ(wrong->answer, "d");
  const auto lucky = bad(Probe::kLucky, prompts, 0);
  ASSERT_EQ(lucky->thoughts.size(), 2u);
  EXPECT_EQ(lucky->thoughts[1].text, "b | band | no c");
  EXPECT_EQ(lucky->answer, "c");
}

TEST(Probes, HideTheRightAnswerAmongWrongOnes) {
  const std::vector<Prompt> prompts = {asked({{"answer", "red"}}), asked({{"answer", "72"}}),
                                       asked({{"question", "Why?"}})};
  EXPECT_EQ(bad(Probe::kWrong, prompts, 0)->answer, "no red");
  EXPECT_EQ(bad(Probe::kStuffed, prompts, 0)->answer, "no red, red, no red");
  EXPECT_EQ(bad(Probe::kStuffed, prompts, 1)->answer, "71, 72, 73");
  EXPECT_EQ(bad(Probe::kWrongSteps, prompts, 1)->text, "It is 72, surely. <answer>73</answer>");
  for (const Probe probe : {Probe::kStuffed, Probe::kWrongSteps, Probe::kLucky}) {
    EXPECT_FALSE(bad(probe, prompts, 2).has_value()) << "no right answer is known";
    EXPECT_FALSE(why_not(probe).empty());
  }
}

TEST(Probes, LeaveOutWhatKeepsAllRules) {
  const std::vector<Prompt> prompts = {asked({{"constraints", {"lower"}}}),
                                       asked({{"constraints", {"not red", "words 2"}}}),
                                       asked({{"constraints", {"has red"}}})};
  EXPECT_FALSE(bad(Probe::kWrong, prompts, 0).has_value());
  EXPECT_FALSE(bad(Probe::kWrong, prompts, 1).has_value());
  EXPECT_TRUE(bad(Probe::kWrong, prompts, 2).has_value());
  EXPECT_EQ(bad(Probe::kEmpty, prompts, 0)->answer, "");
}

TEST(Probes, ReportWhatIsNotThere) {
  const std::vector<Prompt> prompts = {
      prompt_with({{"white", nlohmann::json::array()}, {"platelets", 2}}),
      prompt_with({{"white", {{100, 100, 260, 260}}}, {"platelets", 0}})};
  EXPECT_EQ(bad(Probe::kWrong, prompts, 0)->answer, "white 1<g3><g3><g15><g15>, platelet 0");
  EXPECT_EQ(bad(Probe::kWrong, prompts, 1)->answer, "white 0, platelet 1");
  EXPECT_EQ(bad(Probe::kStuffed, prompts, 1)->answer.substr(0, 8), "white 25");
}

}  // namespace
}  // namespace nelumbo
