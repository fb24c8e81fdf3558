// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

Called try_rows(const std::string& spec, const std::string& file,
                const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"reward", "try", in_repository("configs/rewards/" + spec),
                                     file, "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return call(arguments);
}

TEST(RewardTryCommand, TakesAFileOfRows) {
  for (const auto& [spec, file, rows] :
       {std::tuple("pubmedqa.yaml", "data/pubmedqa/pqal_train.json", 500),
        std::tuple("choice.yaml", "data/medqa/dev.jsonl", 621),
        std::tuple("gsm8k.yaml", "data/gsm8k/train.jsonl", 7473)}) {
    const Called called = try_rows(spec, in_repository(file));
    ASSERT_EQ(called.code, 0) << called.err;
    const auto report = nlohmann::json::parse(called.out);
    EXPECT_EQ(report["rows"][0]["gold"], 1) << file;
    EXPECT_GE(report["prompts"].get<int64_t>(), rows) << file;
  }
}

TEST(RewardTryCommand, AsksWhichSpecScoresRows) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl",
           R"({"question": "Where? Answer Choices: (A) Here (B) There", "label": ["B"]})");
  const Called which = try_rows("choice.yaml", folder / "a.jsonl");
  EXPECT_EQ(which.code, 2);
  EXPECT_TRUE(has(which.err, "--spec")) << which.err;
  EXPECT_TRUE(has(which.err, "there are medqa, ")) << which.err;
  EXPECT_EQ(try_rows("choice.yaml", folder / "a.jsonl", {"--spec", "medqa"}).code, 0);
  const Called misspelt = try_rows("choice.yaml", folder / "a.jsonl", {"--spec", "medqua"});
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_TRUE(has(misspelt.err, "did you mean 'medqa'?")) << misspelt.err;
}

TEST(RewardTryCommand, NamesARowWithoutWhatTheSpecNeeds) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl", R"({"question": "Where?", "answer": "B"})");
  const Called called = try_rows("choice.yaml", folder / "a.jsonl", {"--spec", "medqa"});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "a.jsonl:1")) << called.err;
  EXPECT_TRUE(has(called.err, "'choices'") || has(called.err, "'options'")) << called.err;
}

TEST(RewardTryCommand, NamesAFileThatIsNotThere) {
  const Called called = try_rows("gsm8k.yaml", "no/such.jsonl");
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "no/such.jsonl: ")) << called.err;
}

TEST(RewardTryCommand, RefusesDataThatItDoesNotRead) {
  const Called file = try_rows("gsm8k.yaml", in_repository("LICENSE"));
  EXPECT_EQ(file.code, 4);
  EXPECT_TRUE(has(file.err, "is no folder, and its name does not end in .json")) << file.err;
  const TemporaryFolder folder;
  const Called nothing = try_rows("gsm8k.yaml", folder.path());
  EXPECT_EQ(nothing.code, 4);
  EXPECT_TRUE(has(nothing.err, folder.path() + ": nothing in it is asked by a task of "))
      << nothing.err;
  EXPECT_TRUE(has(nothing.err, "name one file of rows (.json, .jsonl)")) << nothing.err;
}

TEST(RewardTryCommand, NamesATruthThatCannotBeRight) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl",
           R"({"question": "q?", "answer": "perhaps", "choices": ["yes", "no", "maybe"]})");
  const Called called = try_rows("pubmedqa.yaml", folder / "a.jsonl");
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "the right choice, 'perhaps', is none of 'choices'")) << called.err;
  EXPECT_EQ(try_rows("gsm8k.yaml", folder / "none").code, 4);
  EXPECT_EQ(try_rows("gsm8k.yaml", folder.path(), {"--spec", "gsm8k"}).code, 2);
}

TEST(RewardTryCommand, CountsBadAnswersThatTieWithTheRightOne) {
  const TemporaryFolder folder;
  put_file(folder / "spec.yaml",
           "specs: {talk: {layers: {rule: {terms: [{kind: contains, words: [red], in: text}]}}}}");
  put_file(folder / "a.jsonl", R"({"question": "Is it red?", "answer": "red"})");
  const Called called = call({"reward", "try", folder / "spec.yaml", folder / "a.jsonl"});
  EXPECT_EQ(called.code, 6) << called.err;
  EXPECT_TRUE(has(called.out,
                  "talk: 1 of 1 bad answers of the kind prompt_copy get the total of "
                  "the right one, first to "))
      << called.out;
  EXPECT_TRUE(has(called.out, "PROBLEM talk: no wrong answer scores below the right one"))
      << called.out;
  EXPECT_FALSE(has(called.out, "ok: ")) << called.out;
  const Called json = call({"reward", "try", folder / "spec.yaml", folder / "a.jsonl", "--json"});
  EXPECT_GE(nlohmann::json::parse(json.out)["tied"], 1);
}

TEST(RewardTryCommand, SaysThatNothingWasCompared) {
  const TemporaryFolder folder;
  put_file(folder / "spec.yaml", R"(specs:
  talk: {layers: {rubric: {criteria: [{criterion: c, matcher: {contains: [x]}}]}}}
)");
  put_file(folder / "a.jsonl", R"({"question": "Who?"})");
  const Called called = call({"reward", "try", folder / "spec.yaml", folder / "a.jsonl"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "nothing was compared")) << called.out;
}

}  // namespace
}  // namespace nelumbo
