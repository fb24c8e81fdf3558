// SPDX-License-Identifier: Apache-2.0
#include "corpus/exam_questions.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

ExamItem ureter(const std::string& id = "7") {
  return {.id = id,
          .question = "Where does the ureter of " + id + " end?",
          .options = {"Kidney", "Bladder", "Urethra"},
          .answer = 1,
          .source = "medqa"};
}

ExamItem pubmed() {
  return {.id = "21",
          .question = "Do mitochondria play a role?",
          .options = {"yes", "no", "maybe"},
          .answer = 2,
          .source = "pubmedqa"};
}

TEST(ExamQuestions, AreAnsweredByLetter) {
  const TextQuestion question = exam_question(ureter());
  EXPECT_EQ(question.id, "medqa/7");
  EXPECT_EQ(question.task, "medqa");
  EXPECT_EQ(question.text, "Where does the ureter of 7 end?\nA) Kidney\nB) Bladder\nC) Urethra");
  EXPECT_EQ(question.answer, "B");
  EXPECT_EQ(question.truth, (nlohmann::json{{"answer", "B"},
                                            {"choices", {"A", "B", "C"}},
                                            {"options", {"Kidney", "Bladder", "Urethra"}}}));
  EXPECT_FALSE(question.chain);
}

TEST(ExamQuestions, OfPubmedqaAreAnsweredByWord) {
  const TextQuestion question = exam_question(pubmed());
  EXPECT_EQ(question.text, "Do mitochondria play a role?\nAnswer yes, no or maybe.");
  EXPECT_EQ(question.answer, " maybe");
  EXPECT_EQ(question.truth,
            (nlohmann::json{{"answer", "maybe"}, {"choices", {"yes", "no", "maybe"}}}));
}

TEST(ExamQuestions, ShufflingMovesTheRightOptionAndKeepsIt) {
  const ExamItem plain = ureter(), shuffled = shuffled_options(plain, 3);
  EXPECT_EQ(shuffled.id, "7/shuffled");
  EXPECT_NE(shuffled.answer, plain.answer);
  EXPECT_EQ(shuffled.options[static_cast<size_t>(shuffled.answer)], "Bladder");
  EXPECT_EQ(shuffled.key(), plain.key());  // the same options
  EXPECT_EQ(shuffled_options(plain, 3).options, shuffled.options);
  EXPECT_EQ(exam_question(shuffled_options(pubmed(), 3)).answer, " maybe");
}

TEST(ExamQuestions, ASampleDoesNotDependOnTheOrderOfTheFile) {
  std::vector<ExamItem> items;
  for (int i = 0; i < 50; ++i)
    items.push_back(ureter(std::to_string(i)));
  const auto ids = [](const ExamSample& sample) {
    std::vector<std::string> all;
    for (const ExamItem& item : sample.items)
      all.push_back(item.id);
    return all;
  };
  const auto five = ids(exam_sample(items, std::nullopt, 5, 1000));
  ASSERT_EQ(five.size(), 5U);
  std::reverse(items.begin(), items.end());
  EXPECT_EQ(ids(exam_sample(items, std::nullopt, 5, 1000)), five);
  auto six = ids(exam_sample(items, std::nullopt, 6, 1000));
  six.resize(5);
  EXPECT_EQ(six, five);
  EXPECT_NE(five, (std::vector<std::string>{"0", "1", "2", "3", "4"}));
}

TEST(ExamQuestions, ASampleKeepsToItsPart) {
  std::vector<ExamItem> items;
  for (int i = 0; i < 50; ++i)
    items.push_back(ureter(std::to_string(i)));
  const ExamSample train = exam_sample(items, Part::kTrain, 50, 1000);
  const ExamSample development = exam_sample(items, Part::kDevelopment, 50, 1000);
  EXPECT_EQ(train.items.size() + development.items.size(), 50U);
  EXPECT_FALSE(development.items.empty());
  for (const ExamItem& item : train.items)
    EXPECT_EQ(part_of(item.id), Part::kTrain);
}

TEST(ExamQuestions, LongQuestionsAreLeftOutAndCounted) {
  std::vector<ExamItem> items{ureter("1"), ureter("2"), ureter("3")};
  items[1].question += std::string(100, '?');
  const auto length = std::ssize(exam_question(items[0]).text);
  const ExamSample sample = exam_sample(items, std::nullopt, 3, length);
  EXPECT_EQ(sample.items.size(), 2U);
  EXPECT_EQ(sample.too_long, 1);
  EXPECT_EQ(exam_sample(items, std::nullopt, 3, length - 1).too_long, 3);
}

}  // namespace
}  // namespace nelumbo
