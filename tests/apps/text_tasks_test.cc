// SPDX-License-Identifier: Apache-2.0
#include "apps/text_tasks.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "corpus/multi_hop_questions.h"
#include "tests/support/curated_data.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

RunConfig small_config() {
  RunConfig config;
  config.curate = small_curation();
  config.midtrain.questions = 6;
  config.sft.questions = 40;
  return config;
}

const Dialogue& dialogue() {
  static const Dialogue kDialogue = [] {
    auto made = Dialogue::create(shipped_curated().tokenizer, 4);
    return std::move(made).value();
  }();
  return kDialogue;
}

const TextTasks& tasks() {
  static const TextTasks kTasks = [] {
    auto made = make_text_tasks(shipped_curated(), std::string(NELUMBO_SOURCE_DIR) + "/data",
                                small_config(), dialogue());
    NELUMBO_CHECK(made.ok()) << made.error().message;
    return std::move(made).value();
  }();
  return kTasks;
}

std::vector<std::string> texts_of(const std::string& stage, int64_t step) {
  std::vector<std::string> texts;
  for (const TextQuestion& question : step_questions(tasks(), small_config(), stage, step))
    texts.push_back(question.text);
  return texts;
}

TEST(TextTasks, AskEachSetOfTheBenchmark) {
  std::map<std::string, int64_t> sets;
  for (const TextQuestion& question : tasks().validation.asked)
    ++sets[question.task];
  for (const char* exam : {"pubmedqa", "medqa", "medmcqa", "mmlu_medical"})
    EXPECT_EQ(sets[exam], 5) << exam;
  EXPECT_EQ(sets["multihop"], std::ssize(shipped_curated().validation));
  EXPECT_GT(sets["instruction"], 0);
}

TEST(TextTasks, SampleOnlyWhatIsNamed) {
  const std::string root = std::string(NELUMBO_SOURCE_DIR) + "/data";
  const auto some = sample_questions({"multihop", "medqa", "locate"}, root, 3);
  ASSERT_TRUE(some.ok()) << some.error().message;
  std::map<std::string, int64_t> sets;
  for (const TextQuestion& question : some.value())
    ++sets[question.task];
  EXPECT_EQ(sets, (std::map<std::string, int64_t>{{"medqa", 3}, {"multihop", 3}}));
  EXPECT_TRUE(sample_questions({"instruction"}, "no/such/data", 3).ok());
  EXPECT_EQ(sample_questions({"medqa"}, "no/such/data", 3).error().code, Errc::kBadData);
}

TEST(TextTasks, TrainOnNoQuestionOfEvaluation) {
  std::set<std::string> asked;
  for (const TextQuestion& question : tasks().validation.asked)
    asked.insert(question.text);
  for (const auto* list : {&tasks().exams, &tasks().instructions})
    for (const TextQuestion& question : *list)
      EXPECT_FALSE(asked.contains(question.text)) << question.id;
  for (const MultiHopItem& item : tasks().multihop)
    for (const MultiHopItem& kept : shipped_curated().validation)
      EXPECT_NE(item.question, kept.question) << item.id;
}

TEST(TextTasks, SayHowOftenTheRarestEntityIsNamed) {
  for (const TextQuestion& question : tasks().validation.asked)
    if (question.task == "multihop")
      EXPECT_GE(question.truth["named"].get<int64_t>(), 1) << "the facts name all of them";
}

TEST(TextTasks, GiveEveryAnswerRoom) {
  for (const MultiHopItem& question : tasks().multihop) {
    const TrainingItem item = text_item(multi_hop_question(question), dialogue());
    EXPECT_LT(std::count(item.trained.begin(), item.trained.end(), 1), tasks().answer_tokens);
  }
}

TEST(TextTasks, MixQuestionsByStage) {
  const RunConfig config = small_config();
  for (const TextQuestion& question : step_questions(tasks(), config, "midtrain", 3))
    EXPECT_EQ(question.task, "multihop");
  std::map<std::string, int64_t> kinds;
  for (const TextQuestion& question : step_questions(tasks(), config, "sft", 3))
    ++kinds[question.task];
  EXPECT_GT(kinds["multihop"], 10);
  EXPECT_GT(kinds["instruction"], 2);
  EXPECT_GT(kinds["medmcqa"] + kinds["pubmedqa"], 2);
  EXPECT_EQ(texts_of("sft", 3), texts_of("sft", 3));
  EXPECT_NE(texts_of("sft", 3), texts_of("sft", 4));
}

TEST(TextTasks, AskAQuestionAgainInAnotherOrder) {
  std::map<std::string, std::set<std::string>> asked;
  RunConfig config = small_config();
  config.midtrain.questions = 400;
  for (const TextQuestion& question : step_questions(tasks(), config, "midtrain", 0))
    asked[question.id].insert(question.text);
  const auto often = std::max_element(asked.begin(), asked.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  EXPECT_GT(often->second.size(), 2) << often->first;
}

TEST(TextTasks, LeaveOutAKindWithoutQuestions) {
  TextTasks few = tasks();
  few.reading.clear();
  few.facts.clear();
  for (const TextQuestion& question : step_questions(few, small_config(), "midtrain", 3))
    EXPECT_TRUE(question.id.starts_with("multihop/")) << question.id;
}

TEST(TextTasks, AskEachKindByItsWeight) {
  TaskConfig weights;
  weights.exam = weights.instruction = 1;
  std::map<std::string, int> asked;
  for (uint64_t i = 0; i < 100; ++i)
    ++asked[random_text_prompt(tasks(), weights, dialogue(), "", Random(1, Purpose::kPrompt, i))
                .task];
  EXPECT_EQ(asked["multihop"], 0);
  EXPECT_GT(asked["medmcqa"] + asked["pubmedqa"], 30);
  EXPECT_GT(asked["instruction"], 30);
}

TEST(TextTasks, NamePromptsByTheirStep) {
  TaskConfig weights;
  weights.multihop = 1;
  const Prompt prompt =
      random_text_prompt(tasks(), weights, dialogue(), "train/1/2", Random(1, Purpose::kPrompt));
  EXPECT_TRUE(prompt.id.starts_with("train/1/2/multihop/")) << prompt.id;
  EXPECT_EQ(prompt.max_new_tokens, tasks().answer_tokens);
}

}  // namespace
}  // namespace nelumbo
