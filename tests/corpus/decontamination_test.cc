// SPDX-License-Identifier: Apache-2.0
#include "corpus/decontamination.h"

#include <gtest/gtest.h>

#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

std::string data(const std::string& file) {
  return NELUMBO_SOURCE_DIR "/data/" + file;
}

std::vector<Document> texts(const std::vector<std::string>& files) {
  std::vector<Document> all;
  for (const std::string& file : files) {
    Result<std::vector<Document>> read = read_reference_texts(data(file));
    EXPECT_TRUE(read.ok()) << read.error().message;
    if (read)
      std::move(read.value().begin(), read.value().end(), std::back_inserter(all));
  }
  return all;
}

const std::vector<std::string> kExams{"medqa/dev.jsonl", "medmcqa/dev.jsonl",
                                      "mmlu_medical/dev.jsonl"};

TEST(Decontamination, DropsNoExamItemForOneOfAnotherSet) {
  for (const std::string& one : kExams)
    for (const std::string& other : kExams)
      if (one != other) {
        const DecontaminationReport report = compare_texts(texts({one}), texts({other}));
        EXPECT_EQ(report.dropped(), 0) << one << " for " << other;
        EXPECT_TRUE(report.found.empty()) << one << " for " << other;
      }
}

TEST(Decontamination, FindsTheSharedBoilerplateThatWasCounted) {
  const std::vector<Document> medqa = texts({"medqa/dev.jsonl"});
  const std::vector<Document> mmlu = texts({"mmlu_medical/dev.jsonl"});
  const DecontaminationReport report = compare_texts(medqa, mmlu);
  EXPECT_EQ(report.sharing, 65);
  EXPECT_EQ(compare_texts(mmlu, medqa).sharing, 24);
  EXPECT_EQ(medqa[static_cast<size_t>(report.largest.document)].id, "test-00542");
  EXPECT_EQ(mmlu[static_cast<size_t>(report.largest.reference)].id, "line-509");
  EXPECT_DOUBLE_EQ(report.largest.share, 14.0 / 99);
}

TEST(Decontamination, FindsPlantedCopies) {
  std::vector<Document> training = texts({"gsm8k/train.jsonl"});
  const std::vector<Document> evaluation = texts({"medqa/dev.jsonl"});
  const size_t sound = training.size();
  const DecontaminationReport before = compare_texts(training, evaluation);
  EXPECT_EQ(before.dropped(), 0);
  for (size_t i = 0; i < evaluation.size(); i += 10)
    training.push_back({"leak-" + std::to_string(i),
                        "web",
                        "As the exam asks:\n" + evaluation[i].text + "\nRead on tomorrow.",
                        {"web", 1}});
  const auto planted = static_cast<int64_t>(training.size() - sound);
  const DecontaminationReport report = compare_texts(training, evaluation);
  EXPECT_EQ(report.dropped(), planted);
  drop_contaminated(training, report);
  EXPECT_EQ(training.size(), sound);
}

TEST(Decontamination, FindsAnEqualTextOfFewWords) {
  const std::vector<Document> training{{"1", "a", "Axonal transport: fast!", {"a", 1}}};
  const std::vector<Document> evaluation{{"1", "b", "axonal transport fast", {"b", 1}}};
  const DecontaminationReport report = compare_texts(training, evaluation);
  EXPECT_EQ(report.dropped(), 1);
  EXPECT_TRUE(report.largest.equal);
}

TEST(Decontamination, IsNoPairOfAnItemAndItsOwnRationale) {
  const std::vector<Document> one{{"1", "medmcqa", "Axonal transport is fast", {"a", 1}}};
  EXPECT_EQ(compare_texts(one, one).sharing, 0);
}

TEST(Decontamination, FindsAQuestionWithItsOptionsInAnotherOrder) {
  std::vector<ExamItem> training{{.id = "1",
                                  .question = "Which one?",
                                  .options = {"Alpha", "Beta"},
                                  .source = "a",
                                  .place = {}},
                                 {.id = "2",
                                  .question = "Which one?",
                                  .options = {"Alpha", "Gamma"},
                                  .source = "a",
                                  .place = {}}};
  const std::vector<ExamItem> evaluation{{.id = "1",
                                          .question = "which one",
                                          .options = {"beta", "alpha"},
                                          .source = "b",
                                          .place = {}}};
  const DecontaminationReport report = compare_items(training, evaluation);
  EXPECT_EQ(report.dropped(), 1);
  drop_contaminated(training, report);
  ASSERT_EQ(training.size(), 1U);
  EXPECT_EQ(training[0].id, "2");
}

}  // namespace
}  // namespace nelumbo
