// SPDX-License-Identifier: Apache-2.0
#include "corpus/exam_sets.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "base/file.h"
#include "corpus/holdout.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const std::string kData = std::string(NELUMBO_SOURCE_DIR) + "/data";

TEST(ExamSets, KeepTrainingAndValidationApart) {
  const auto read = read_exam_sets(kData);
  ASSERT_TRUE(read.ok()) << read.error().message;
  std::set<std::string> keys;
  for (const ExamItem& item : read.value().validation)
    keys.insert(item.key());
  EXPECT_EQ(keys.size(), read.value().validation.size()) << "a question is asked twice";
  for (const ExamItem& item : read.value().training) {
    EXPECT_FALSE(keys.contains(item.key())) << item.id;
    EXPECT_EQ(part_of(item.id), Part::kTrain);
    EXPECT_TRUE(item.source == "pubmedqa" || item.source == "medmcqa") << item.source;
  }
  EXPECT_EQ(read.value().report["dropped"], 3) << "MedMCQA asks three questions twice";
  EXPECT_GE(read.value().report["repeated"], 37) << "MMLU-medical asks 37 questions twice";
}

/// A copy of the shipped exams, in which a validation question of MedQA stands also in MedMCQA.
TEST(ExamSets, DropAPlantedDuplicate) {
  const TemporaryFolder folder;
  for (const char* set : {"pubmedqa", "medmcqa", "medqa", "mmlu_medical"})
    std::filesystem::copy(kData + "/" + set, folder / set);
  const std::string question =
      R"("question":"Which planted organ drains here?\nAnswer Choices: (A) Liver (B) Lung",)"
      R"("label":["B"]})";
  int planted = 0;
  for (const auto& [file, id] :
       {std::pair{"medqa/dev.jsonl", "q1"}, std::pair{"medmcqa/dev.jsonl", "q2"}}) {
    auto text = read_file(folder / file, 64 << 20);
    ASSERT_TRUE(text.ok());
    std::string name = id;
    while (name.starts_with("q2") && part_of(name) != Part::kTrain)
      name += "x";
    ASSERT_TRUE(write_file_atomic(folder / file,
                                  text.value() + R"({"id":")" + name + R"(",)" + question + "\n")
                    .ok());
    ++planted;
  }
  ASSERT_EQ(planted, 2);
  const auto read = read_exam_sets(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().report["dropped"], 3 + 1);
}

TEST(ExamSets, NameTheFileThatIsMissing) {
  const TemporaryFolder folder;
  const auto read = read_exam_sets(folder.path());
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("pqal_train.json"), std::string::npos);
}

TEST(ExamSets, HoldOnlyEvaluationTextsAgainstTraining) {
  const auto texts = read_evaluation_texts(kData);
  ASSERT_TRUE(texts.ok()) << texts.error().message;
  for (const Document& text : texts.value())
    if (text.source == "pubmedqa" || text.source == "medmcqa")
      EXPECT_EQ(part_of(text.id), Part::kDevelopment) << text.id;
}

}  // namespace
}  // namespace nelumbo
