// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr const char* kTwoLines =
    "\xEF\xBB\xBF{\"row\": {\"answer\": \"72\"}, \"answer\": \"72\"}\r\n\n"
    "{\"row\": {\"answer\": \"72\"}, \"answer\": \"71\"}";

Called score(const std::string& input) {
  return call({"reward", "score", in_repository("configs/rewards/gsm8k.yaml"), "--input", input});
}

TEST(RewardScoreCommand, AnswersEachLineWithOneObject) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl", kTwoLines);
  const Called called = score(folder / "a.jsonl");
  ASSERT_EQ(called.code, 0) << called.err;
  std::istringstream lines(called.out);
  std::string first, second;
  std::getline(lines, first);
  std::getline(lines, second);
  EXPECT_EQ(nlohmann::json::parse(first)["total"], 1);
  EXPECT_EQ(nlohmann::json::parse(second)["total"], 0);
  EXPECT_EQ(std::ranges::count(called.out, '\n'), 2);
}

TEST(RewardScoreCommand, AsksAnotherProgramWhereTheSpecificationSaysSo) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl", R"({"row": {"answer": "40"}, "answer": "30"})");
  const Called called =
      call({"reward", "score", in_repository("configs/rewards/external_example.yaml"), "--input",
            folder / "a.jsonl"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto line = nlohmann::json::parse(called.out);
  EXPECT_EQ(line["total"], 0.75);
  EXPECT_EQ(line["components"]["rule/close"]["evidence"], "off by 25%");
}

TEST(RewardScoreCommand, ReadsStandardInput) {
  std::istringstream in(kTwoLines);
  std::streambuf* const before = std::cin.rdbuf(in.rdbuf());
  const Called called = score("-");
  std::cin.rdbuf(before);
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(std::ranges::count(called.out, '\n'), 2);
}

TEST(RewardScoreCommand, EndsAtTheFirstBadLineAndNamesIt) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl", std::string(kTwoLines) + "\n{\"row\": \n" + kTwoLines);
  const Called called = score(folder / "a.jsonl");
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, folder / "a.jsonl" + ":4: not JSON at byte")) << called.err;
  EXPECT_EQ(std::ranges::count(called.out, '\n'), 2);
}

TEST(RewardScoreCommand, NamesTheFieldThatARowLacks) {
  const TemporaryFolder folder;
  put_file(folder / "a.jsonl", "{\"row\": {\"anser\": \"72\"}, \"answer\": \"72\"}\n");
  const Called called = score(folder / "a.jsonl");
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "a.jsonl:1: ")) << called.err;
  EXPECT_TRUE(has(called.err, "'answer'")) << called.err;
}

TEST(RewardScoreCommand, SaysWhatIsNotThere) {
  const TemporaryFolder folder;
  EXPECT_EQ(score(folder / "none.jsonl").code, 4);
  EXPECT_TRUE(has(score(folder / "none.jsonl").err, "there is no such file"));
  EXPECT_EQ(score(folder.path()).code, 4);
  put_file(folder / "blank.jsonl", "\xEF\xBB\xBF\n  \n");
  EXPECT_EQ(score(folder / "blank.jsonl").code, 4);
  EXPECT_TRUE(has(score(folder / "blank.jsonl").err, "blank.jsonl: holds no rows; give one"));
  EXPECT_EQ(call({"reward", "score", "none.yaml", "--input", "-"}).code, 2);
  EXPECT_EQ(call({"reward", "score", "none.yaml"}).code, 2);
}

}  // namespace
}  // namespace nelumbo
