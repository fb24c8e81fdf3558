// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// A run whose policy answers question i of "multihop" with `scores[i]`; the odd ones are about
/// entities that many texts name.
void put_run(const std::string& folder, const std::vector<double>& scores) {
  nlohmann::json prompts = nlohmann::json::array();
  for (size_t i = 0; i < scores.size(); ++i)
    prompts.push_back({{"id", "multihop/" + std::to_string(i)},
                       {"task", "multihop"},
                       {"score", scores[i]},
                       {"steps", scores[i] / 2},
                       {"named", i % 2 == 0 ? 3 : 30}});
  const nlohmann::json pass = {
      {"mode", "greedy"}, {"tasks", nlohmann::json::array()}, {"prompts", prompts}};
  put_file(folder + "/evaluation/after.json",
           nlohmann::json{{"name", "trained policy"}, {"step", 9}, {"passes", {pass}}}.dump());
}

const nlohmann::json& row(const nlohmann::json& paired, const std::string& compared,
                          const std::string& name) {
  for (const nlohmann::json& one : paired)
    if (one["compared"] == compared && one["name"] == name)
      return one;
  static const nlohmann::json kNone;
  return kNone;
}

TEST(CompareCommand, PairsPromptsOfEachPairOfRuns) {
  const TemporaryFolder folder;
  // The same ids in both pairs are other prompts: pooled under one id, base 2 would replace base 1.
  put_run(folder / "base1", {0, 0, 0, 1});
  put_run(folder / "new1", {1, 0, 1, 1});
  put_run(folder / "base2", {1, 1, 1, 1});
  put_run(folder / "new2", {1, 1, 1, 0});
  const Called called = call(
      {"compare", folder / "base1", folder / "new1", folder / "base2", folder / "new2", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const nlohmann::json paired = nlohmann::json::parse(called.out)["paired"];
  const nlohmann::json& all = row(paired, "greedy score: other - base", "multihop");
  EXPECT_EQ(all["n"], 8);
  EXPECT_DOUBLE_EQ(all["before"], 5.0 / 8);
  EXPECT_DOUBLE_EQ(all["difference"], 1.0 / 8);
  EXPECT_LT(all["low"], all["high"]);
  EXPECT_DOUBLE_EQ(row(paired, "greedy steps: other - base", "multihop")["difference"], 1.0 / 16);
  EXPECT_DOUBLE_EQ(row(paired, "greedy score: other - base", "multihop, named 2-5")["difference"],
                   0.5);
  EXPECT_DOUBLE_EQ(row(paired, "greedy score: other - base", "multihop, named >20")["difference"],
                   -0.25);
}

TEST(CompareCommand, PrintsALineForEachDifference) {
  const TemporaryFolder folder;
  put_run(folder / "base", {0, 0});
  put_run(folder / "new", {1, 1});
  const Called called = call({"compare", folder / "base", folder / "new"});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "greedy score: other - base\n")) << called.out;
  EXPECT_TRUE(has(called.out, "n    2   0.000   1.000   1.000  [1.000, 1.000]\n")) << called.out;
}

TEST(CompareCommand, RefusesARunWithoutPartner) {
  const Called called = call({"compare", "runs/a", "runs/b", "runs/c"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "runs come in pairs")) << called.err;
}

TEST(CompareCommand, NamesTheRunThatHasNoEvaluation) {
  const TemporaryFolder folder;
  put_run(folder / "base", {0});
  const Called called = call({"compare", folder / "base", folder / "none"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, folder / "none" + ": no evaluation/after.json in it")) << called.err;
}

TEST(CompareCommand, NamesWhatCannotBeRead) {
  const TemporaryFolder folder;
  put_run(folder / "base", {0});
  put_file(folder / "new/evaluation/after.json", "{");
  EXPECT_EQ(call({"compare", folder / "base", folder / "new"}).code, 4);
  put_file(folder / "new/evaluation/after.json", R"({"passes": [{"mode": "greedy"}]})");
  const Called called = call({"compare", folder / "base", folder / "new"});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, folder / "new" + ": evaluation: 'tasks' is missing")) << called.err;
}

}  // namespace
}  // namespace nelumbo
