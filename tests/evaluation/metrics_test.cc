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
  EXPECT_EQ(score_answer(number, answer_candidate(number, "twelve")).score, 1);
  EXPECT_FALSE(score_answer(number, answer_candidate(number, "several")).parsed);
  const Prompt text = prompt_of("name", 0, {{"answer", "Sickle cell"}});
  EXPECT_EQ(score_answer(text, answer_candidate(text, "sickle  cell")).score, 1);
  EXPECT_EQ(score_answer(text, answer_candidate(text, "target cell")).score, 0);
  EXPECT_EQ(score_answer(text, answer_candidate(text, "The answer is **sickle cell**")).score, 1);
  EXPECT_EQ(score_answer(text, answer_candidate(text, "Sickle cell?")).score, 0);
}

TEST(AnswerScoreTest, TakesAnOptionByItsLetterOrByItsText) {
  const Prompt prompt = exam_prompt(0, "B", {"Kidney", "Bladder"});
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, "B")).score, 1);
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, "(b)")).score, 1);
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, "bladder")).score, 1);
  EXPECT_EQ(*score_answer(prompt, answer_candidate(prompt, "b")).chosen, "Bladder");
  const AnswerScore wrong = score_answer(prompt, answer_candidate(prompt, "A"));
  EXPECT_TRUE(wrong.parsed);
  EXPECT_EQ(wrong.score, 0);
  EXPECT_EQ(*wrong.chosen, "Kidney");
  const AnswerScore none = score_answer(prompt, answer_candidate(prompt, "C"));
  EXPECT_FALSE(none.parsed);
  EXPECT_FALSE(none.chosen.has_value());
}

TEST(AnswerScoreTest, ReadsAnswersAsTheRewardsDo) {
  Prompt clips = prompt_of("gsm8k", 0, {{"answer", "72"}});
  clips.text = "How many clips did she sell?";
  for (const char* right : {"72", "The answer is 72", "**72**", "#### 72", "72 clips", "(72)"})
    EXPECT_EQ(score_answer(clips, answer_candidate(clips, right)).score, 1) << right;
  EXPECT_EQ(score_answer(clips, answer_candidate(clips, "The answer is 71")).score, 0);
  for (const char* none : {"72 kg", "72 or 73", "72?", "The answer is not 72", "72%", "$72"}) {
    EXPECT_EQ(score_answer(clips, answer_candidate(clips, none)).score, 0) << none;
    EXPECT_FALSE(score_answer(clips, answer_candidate(clips, none)).parsed) << none;
  }
  Prompt share = prompt_of("gsm8k", 0, {{"answer", "60"}});
  share.text = "What percentage is that?";
  EXPECT_EQ(score_answer(share, answer_candidate(share, "60%")).score, 1);
  EXPECT_EQ(score_answer(share, answer_candidate(share, "0.6")).score, 0);
  share.truth = {{"answer", "0.6"}};
  EXPECT_EQ(score_answer(share, answer_candidate(share, "0.6%")).score, 1);
  EXPECT_EQ(score_answer(share, answer_candidate(share, "60%")).score, 0);
  share.text = "What share is that?";
  EXPECT_EQ(score_answer(share, answer_candidate(share, "60%")).score, 1);
  EXPECT_EQ(score_answer(share, answer_candidate(share, "0.6%")).score, 0);
  const Prompt exam = exam_prompt(0, "B", {"Kidney", "Bladder"});
  for (const char* right : {"The answer is B", "B) Bladder", "**B**", "\\boxed{B}", "I choose B"})
    EXPECT_EQ(score_answer(exam, answer_candidate(exam, right)).score, 1) << right;
  for (const char* none : {"B?", "A) Bladder", "not B"})
    EXPECT_FALSE(score_answer(exam, answer_candidate(exam, none)).parsed) << none;
}

TEST(AnswerScoreTest, ReadsAChoiceAmongNumbersWithItsWords) {
  Prompt count = prompt_of("count", 0, {{"answer", "2"}, {"choices", {"0", "1", "2", "3"}}});
  count.text = "How many platelets are there?";
  EXPECT_EQ(score_answer(count, answer_candidate(count, "2 platelets")).score, 1);
  EXPECT_EQ(*score_answer(count, answer_candidate(count, "3 platelets")).chosen, "3");
  EXPECT_FALSE(score_answer(count, answer_candidate(count, "2 kg")).parsed);
  EXPECT_FALSE(score_answer(count, answer_candidate(count, "5 platelets")).parsed);
}

TEST(AnswerScoreTest, AsksForAllRulesOfAnInstruction) {
  const Prompt prompt = prompt_of("instruction", 0, {{"constraints", {"words 2", "first red"}}});
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, " red cell")).score, 1);
  EXPECT_EQ(score_answer(prompt, answer_candidate(prompt, " red")).score, 0);
  EXPECT_TRUE(score_answer(prompt, answer_candidate(prompt, " red")).parsed);
  EXPECT_FALSE(score_answer(prompt, answer_candidate(prompt, " ")).parsed);
}

TEST(AnswerScoreTest, CountsTheClaimsOfAReport) {
  const Prompt prompt = report_prompt(0, {{100, 100, 260, 260}}, 2);
  const std::string box = box_answer({100, 100, 260, 260}, prompt);
  const auto score = [&](const std::string& answer) {
    return score_answer(prompt, answer_candidate(prompt, answer));
  };
  EXPECT_DOUBLE_EQ(score(" white 1" + box + ", platelet 2").score, 1);
  // Two claims hold and one does not, which leaves one of three unsaid: (2 - 1) / 3.
  EXPECT_DOUBLE_EQ(score(" white 1" + box + ", platelet 0").score, 1.0 / 3);
  EXPECT_TRUE(score(" white 0, platelet 0").parsed);
  EXPECT_EQ(score(" white 0, platelet 0").score, 0);
  EXPECT_FALSE(score(" one white cell").parsed);
}

TEST(StepAccuracy, IsTheShareOfThePathRecalledInItsOrder) {
  const Prompt prompt =
      prompt_of("multihop", 0,
                {{"answer", "D"}, {"path", {"A | gene | B", "B | band | C", "C | band of | D"}}});
  const auto accuracy = [&](const std::vector<std::string>& lines) {
    Trajectory said = answer_candidate(prompt, "D");
    for (const std::string& line : lines)
      said.thoughts.push_back({line, 0, 0});
    return *score_answer(prompt, said).steps;
  };
  EXPECT_DOUBLE_EQ(accuracy({"A | gene | B", "B | band | C", "C | band of | D"}), 1);
  EXPECT_DOUBLE_EQ(accuracy({"a |  gene | b", "X | gene | Y", "c | band of | d"}), 2.0 / 3);
  EXPECT_DOUBLE_EQ(accuracy({"C | band of | D", "A | gene | B"}), 1.0 / 3);
  EXPECT_DOUBLE_EQ(accuracy({"A | gene | B", "A | gene | B"}), 1.0 / 3);
  EXPECT_DOUBLE_EQ(accuracy({}), 0);
  EXPECT_FALSE(step_accuracy(type_prompt(0, "red"), Trajectory()).has_value());
}

TEST(StepAccuracy, CountsWhatWasRecalledBeforeAnAnswerWasCutOff) {
  const Prompt prompt = prompt_of("multihop", 0, {{"answer", "B"}, {"path", {"A | gene | B"}}});
  Trajectory said;
  said.thoughts = {{"A | gene | B", 0, 0}};
  EXPECT_DOUBLE_EQ(*score_answer(prompt, said).steps, 1);
  EXPECT_FALSE(score_answer(prompt, said).parsed);
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
  EXPECT_DOUBLE_EQ(blind_baseline(all)->score, 2.0 / 3);
  EXPECT_EQ(blind_baseline(all)->name, "most frequent answer");
  EXPECT_FALSE(blind_baseline({}).has_value());
}

TEST(BlindBaseline, IsOneConstantBoxInWhatIsShown) {
  // In their views both boxes stand at the same place, so one constant box fits both.
  Prompt left = prompt_of("locate", 0, {{"boxes", {{0, 0, 120, 120}}}});
  Prompt right = prompt_of("locate", 1, {{"boxes", {{480, 0, 600, 120}}}});
  right.view = {480, 0, 960, 480};
  const std::vector<const Prompt*> alike = {&left, &right};
  EXPECT_NEAR(blind_baseline(alike)->score, 1, 1e-12);
  // Mean box [60, 0, 180, 120]: it overlaps each truth box by half, IoU 1/3.
  right = prompt_of("locate", 1, {{"boxes", {{120, 0, 240, 120}}}});
  EXPECT_NEAR(blind_baseline(alike)->score, 1.0 / 3, 1e-12);
}

TEST(BlindBaseline, IsOnePlaceWhereTheChoicesDiffer) {
  const auto asked = [](int number, const std::string& answer,
                        const std::vector<std::string>& choices) {
    return prompt_of("multihop", number, {{"answer", answer}, {"choices", choices}});
  };
  const std::vector<Prompt> prompts = {asked(0, "PEX2", {"OTC", "PEX2"}),
                                       asked(1, "8q21", {"1p36", "8q21"}),
                                       asked(2, "mumps", {"mumps", "rubella"})};
  const std::vector<const Prompt*> all = {&prompts[0], &prompts[1], &prompts[2]};
  EXPECT_DOUBLE_EQ(blind_baseline(all)->score, 2.0 / 3);
  EXPECT_EQ(blind_baseline(all)->name, "most frequent place");
}

TEST(BlindBaseline, IsTheMostFrequentLetterOfAnExam) {
  const std::vector<Prompt> prompts = {exam_prompt(0, "B", {"Kidney", "Bladder"}),
                                       exam_prompt(1, "B", {"Iron", "Zinc", "Lead"}),
                                       exam_prompt(2, "C", {"Iron", "Zinc", "Lead"})};
  const std::vector<const Prompt*> all = {&prompts[0], &prompts[1], &prompts[2]};
  EXPECT_DOUBLE_EQ(blind_baseline(all)->score, 2.0 / 3);
  EXPECT_EQ(blind_baseline(all)->name, "most frequent answer");
}

TEST(BlindBaseline, IsTheBestConstantReport) {
  // "white 1" with the cell's box and "platelet 0": 1 on the first, (2 - 1) / 3 on the second, and
  // 1 - 2 < 0 on the third.
  const std::vector<Prompt> prompts = {report_prompt(0, {{100, 100, 260, 260}}, 0),
                                       report_prompt(1, {{100, 100, 260, 260}}, 2),
                                       report_prompt(2, {}, 0)};
  const std::vector<const Prompt*> all = {&prompts[0], &prompts[1], &prompts[2]};
  EXPECT_DOUBLE_EQ(blind_baseline(all)->score, (1 + 1.0 / 3 + 0) / 3);
  EXPECT_EQ(blind_baseline(all)->name, "constant report");
}

TEST(BlindBaseline, KeepsNoRuleByStayingSilent) {
  const Prompt prompt = prompt_of("instruction", 0, {{"constraints", {"words 2"}}});
  const std::vector<const Prompt*> all = {&prompt};
  EXPECT_EQ(blind_baseline(all)->score, 0);
  EXPECT_EQ(blind_baseline(all)->name, "nothing said");
}

}  // namespace
}  // namespace nelumbo
