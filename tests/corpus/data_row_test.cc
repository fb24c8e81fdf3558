// SPDX-License-Identifier: Apache-2.0
#include "corpus/data_row.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const Place kPlace{"a.jsonl", 3};

TextQuestion read(const std::string& row) {
  const auto question = question_of_row(json::parse(row), "t", kPlace);
  EXPECT_TRUE(question.ok()) << question.error().message;
  return question.ok() ? question.value() : TextQuestion();
}

std::string complaint(const std::string& row) {
  const auto question = question_of_row(json::parse(row), "t", kPlace);
  return question ? "" : question.error().message;
}

TEST(DataRow, ReadsAnExam) {
  const TextQuestion question = read(
      R"({"id": "x7", "question": "Where?\nAnswer Choices: (A) Here (B) There", "label": ["B"],
          "topic": "places"})");
  EXPECT_EQ(question.id, "x7");
  EXPECT_EQ(question.task, "t");
  EXPECT_EQ(question.text, "Where?\nA) Here\nB) There");
  EXPECT_EQ(question.answer, "B");
  EXPECT_EQ(question.truth["answer"], "B");
  EXPECT_EQ(question.truth["choices"], json({"A", "B"}));
  EXPECT_EQ(question.truth["options"], json({"Here", "There"}));
  EXPECT_EQ(question.truth["topic"], "places");
}

TEST(DataRow, ReadsARecordOfPubmedqa) {
  const TextQuestion question =
      read(R"({"QUESTION": "Does it?", "final_decision": "maybe", "YEAR": "2001"})");
  EXPECT_EQ(question.text, "Does it?\nAnswer yes, no or maybe.");
  EXPECT_EQ(question.truth["answer"], "maybe");
  EXPECT_EQ(question.truth["choices"], json({"yes", "no", "maybe"}));
  EXPECT_EQ(question.truth["YEAR"], "2001");
}

TEST(DataRow, ReadsTheFinalAnswerOfGsm8k) {
  const TextQuestion question =
      read(R"({"question": "How many?", "answer": "2 + 2 = 4\n#### 1,004"})");
  EXPECT_EQ(question.text, "How many?");
  EXPECT_EQ(question.truth, json({{"question", "How many?"}, {"answer", "1,004"}}));
  EXPECT_EQ(read(R"({"answer": "#### 4 more"})").answer, "4 more");
  EXPECT_EQ(read(R"({"answer": "a #### 4"})").answer, "a #### 4");
}

TEST(DataRow, LeavesOtherRowsAsTheyAre) {
  const json row = json::parse(R"({"answer": 72, "boxes": [[1, 2, 3, 4]]})");
  const TextQuestion question = read(row.dump());
  EXPECT_EQ(question.truth, row);
  EXPECT_EQ(question.text, "");
  EXPECT_EQ(question.id, "a.jsonl:3");
}

TEST(DataRow, NamesWhatIsBrokenInARow) {
  EXPECT_EQ(complaint(R"({"question": "Q Answer Choices: (A) x (B) y", "label": ["C"]})"),
            "a.jsonl:3: 'label' names no option; use a letter that 'question' has");
  EXPECT_EQ(complaint(R"({"QUESTION": "Q", "final_decision": "perhaps"})"),
            "a.jsonl:3: 'final_decision' is not yes, no or maybe; correct it");
  for (const char* row : {R"({"question": 5, "answer": "72"})", R"({"question": null})",
                          R"({"question": ["How many?"], "label": ["B"]})"})
    EXPECT_EQ(complaint(row), "a.jsonl:3: 'question' is no text; put it in quotes, or leave it out")
        << row;
  EXPECT_EQ(complaint(R"({"QUESTION": 5, "final_decision": "yes"})"),
            "a.jsonl:3: 'QUESTION' is no text; put it in quotes, or leave it out");
}

TEST(DataRow, RefusesRowsOfAnotherDataSet) {
  const auto complaint_for = [](const std::string& task, const std::string& row) {
    const auto question = question_of_row(json::parse(row), task, kPlace);
    return question ? "" : question.error().message;
  };
  const std::string exam = R"({"question": "Q Answer Choices: (A) x (B) y", "label": ["B"]})";
  const std::string pubmedqa = R"({"QUESTION": "Q", "final_decision": "yes"})";
  EXPECT_EQ(complaint_for("pubmedqa", exam),
            "a.jsonl:3: has the field 'label', as rows of medqa, medmcqa and mmlu_medical have and "
            "lacks 'QUESTION' and 'final_decision'; the spec 'pubmedqa' scores other data: name "
            "the spec of this data set");
  EXPECT_EQ(complaint_for("medqa", pubmedqa),
            "a.jsonl:3: has the field 'final_decision', as rows of pubmedqa have and lacks "
            "'label'; the spec 'medqa' scores other data: name the spec of this data set");
  EXPECT_NE(complaint_for("type", exam), "");
  EXPECT_NE(complaint_for("gsm8k", pubmedqa), "");
  for (const char* task : {"medqa", "medmcqa", "mmlu_medical", "mine"})
    EXPECT_EQ(complaint_for(task, exam), "") << task;
  EXPECT_EQ(complaint_for("pubmedqa", pubmedqa), "");
  EXPECT_EQ(complaint_for("pubmedqa", R"({"answer": "yes", "choices": ["yes", "no"]})"), "");
  EXPECT_FALSE(
      read_row_questions(NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json", "type").ok());
}

TEST(DataRow, ReadsTheShippedFiles) {
  const std::string data = NELUMBO_SOURCE_DIR "/data/";
  const std::map<std::string, size_t> rows{
      {"gsm8k/train.jsonl", 7473},       {"medqa/dev.jsonl", 621},
      {"medmcqa/dev.jsonl", 2078},       {"mmlu_medical/dev.jsonl", 550},
      {"pubmedqa/pqal_train.json", 500}, {"healthbench/calibration.jsonl", 180}};
  for (const auto& [file, count] : rows) {
    const auto read = read_row_questions(data + file, "t");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read.value().size(), count) << file;
  }
}

TEST(DataRow, RefusesAFileWithoutRows) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.jsonl") << "\n";
  const auto read = read_row_questions(folder / "a.jsonl", "t");
  ASSERT_FALSE(read.ok());
  EXPECT_TRUE(
      read.error().message.ends_with("a.jsonl:1: holds no row; write one JSON object a line"));
}

}  // namespace
}  // namespace nelumbo
