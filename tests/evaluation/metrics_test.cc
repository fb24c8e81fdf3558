// SPDX-License-Identifier: Apache-2.0
#include "evaluation/metrics.h"

#include <gtest/gtest.h>

#include "tests/evaluation/answered.h"

namespace nelumbo {
namespace {

TEST(AnswerScoreTest, IsTheOverlapWithTheBestTruthBox) {
  const Prompt prompt = prompt_of("locate", 0, {{"boxes", {{0, 0, 100, 100}, {200, 0, 300, 100}}}});
  EXPECT_TRUE(asks_for_box(prompt));
  Trajectory said;
  said.answered = true;
  said.answer_box = Box{200, 0, 300, 50};
  EXPECT_DOUBLE_EQ(score_answer(prompt, said).score, 0.5);
  EXPECT_TRUE(score_answer(prompt, said).parsed);
  said.answer_box.reset();
  EXPECT_EQ(score_answer(prompt, said).score, 0);
  EXPECT_FALSE(score_answer(prompt, said).parsed);
}

TEST(AnswerScoreTest, IsRightOrNot) {
  const Prompt prompt = type_prompt(0, "white");
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, "White.")).score, 1);
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, "red")).score, 0);
  EXPECT_TRUE(score_answer(prompt, answer_candidate(prompt, "red")).parsed);
  EXPECT_FALSE(score_answer(prompt, answer_candidate(prompt, "red white")).parsed);
  EXPECT_FALSE(score_answer(prompt, candidate(prompt, "white")).parsed);
}

TEST(AnswerScoreTest, ReadsNumbersAndPlainText) {
  const Prompt number = prompt_of("sum", 0, {{"answer", 12}});
  EXPECT_EQ(score_answer(number, answer_candidate(number, "12.0")).score, 1);
  EXPECT_FALSE(score_answer(number, answer_candidate(number, "twelve")).parsed);
  const Prompt text = prompt_of("name", 0, {{"answer", "Sickle cell"}});
  EXPECT_EQ(score_answer(text, answer_candidate(text, "sickle  cell")).score, 1);
  EXPECT_EQ(score_answer(text, answer_candidate(text, "target cell")).score, 0);
}

TEST(AnswerScoreTest, SaysWhatWasCutOff) {
  const Prompt prompt = type_prompt(0, "white");
  Trajectory said = candidate(prompt, "I think");
  said.finish = Finish::kLength;
  EXPECT_TRUE(score_answer(prompt, said).truncated);
  said = answer_candidate(prompt, "white");
  EXPECT_FALSE(score_answer(prompt, said).truncated);
  said.finish = Finish::kTurns;
  EXPECT_TRUE(score_answer(prompt, said).truncated);
}

TEST(AnswerScoreTest, CountsDrawnTokensAndCalls) {
  const Prompt prompt = type_prompt(0, "white");
  Trajectory said = answer_candidate(prompt, "white");  // two tags and two tokens of text
  add_call(said, "zoom", {0, 0, 9, 9});                 // eight more
  said.sampled[0] = 0;
  EXPECT_EQ(score_answer(prompt, said).length, 11);
  EXPECT_EQ(score_answer(prompt, said).calls, 1);
}

TEST(BlindBaseline, IsTheShareOfTheMostFrequentAnswer) {
  const std::vector<Prompt> prompts = {type_prompt(0, "red"), type_prompt(1, "Red"),
                                       type_prompt(2, "white")};
  const std::vector<const Prompt*> all = {&prompts[0], &prompts[1], &prompts[2]};
  EXPECT_DOUBLE_EQ(*blind_baseline(all), 2.0 / 3);
  EXPECT_FALSE(blind_baseline({}).has_value());
}

TEST(BlindBaseline, IsOneConstantBoxInWhatIsShown) {
  // In their views both boxes stand at the same place, so one constant box fits both.
  Prompt left = prompt_of("locate", 0, {{"boxes", {{0, 0, 120, 120}}}});
  Prompt right = prompt_of("locate", 1, {{"boxes", {{480, 0, 600, 120}}}});
  right.view = {480, 0, 960, 480};
  const std::vector<const Prompt*> alike = {&left, &right};
  EXPECT_NEAR(*blind_baseline(alike), 1, 1e-12);
  // Mean box [60, 0, 180, 120]: it overlaps each truth box by half, IoU 1/3.
  right = prompt_of("locate", 1, {{"boxes", {{120, 0, 240, 120}}}});
  EXPECT_NEAR(*blind_baseline(alike), 1.0 / 3, 1e-12);
}

}  // namespace
}  // namespace nelumbo
