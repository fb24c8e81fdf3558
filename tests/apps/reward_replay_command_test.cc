// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/apps/scored_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(RewardReplayCommand, GivesTheStoredTotalsAgain) {
  const TemporaryFolder folder;
  put_scored_run(folder / "run", {"one", "two", "\xff"});
  put_file(folder / "spec.yaml", kWordSpec);
  const Called called =
      call({"reward", "replay", folder / "spec.yaml", "--run", folder / "run", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["answers"], 3);
  EXPECT_EQ(report["changed"], 0);
  EXPECT_EQ(report["stored_hashes"][0], report["hash"]);
  EXPECT_NEAR(report["rows"][0]["now"].get<double>(), 1.0 / 3, 1e-12);
}

TEST(RewardReplayCommand, PrintsTablesForPeople) {
  const TemporaryFolder folder;
  put_scored_run(folder / "run", {"one", "two"});
  put_file(folder / "spec.yaml", kWordSpec);
  const Called called = call({"reward", "replay", folder / "spec.yaml", "--run", folder / "run"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "rule/exact")) << called.out;
  EXPECT_TRUE(has(called.out, "0 of 2 answers changed")) << called.out;
}

TEST(RewardReplayCommand, SaysWhatDoesNotFit) {
  const TemporaryFolder folder;
  put_scored_run(folder / "run", {"one"});
  put_file(folder / "spec.yaml",
           "specs: {ward: {layers: {rule: {terms: [{kind: length, max: 4}]}}}}");
  const Called called = call({"reward", "replay", folder / "spec.yaml", "--run", folder / "run"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "did you mean 'ward'?")) << called.err;
  put_file(folder / "fits.yaml", kWordSpec);
  EXPECT_EQ(call({"reward", "replay", folder / "fits.yaml", "--run", folder / "none"}).code, 2);
  EXPECT_EQ(
      call({"reward", "replay", folder / "fits.yaml", "--run", folder / "run", "--stage", "sft"})
          .code,
      2);
}

TEST(RewardReplayCommand, ExitsWithFourWithoutAnswersOrWithDamagedOnes) {
  const TemporaryFolder folder;
  put_file(folder / "spec.yaml", kWordSpec);
  put_file(folder / "run/STATUS", "done\n");
  for (const auto& command : std::vector<std::vector<std::string>>{
           {"replay", folder / "spec.yaml", "--run", folder / "run"},
           {"diff", folder / "spec.yaml", folder / "spec.yaml", "--run", folder / "run"},
           {"audit", folder / "run"},
           {"play", folder / "run"}}) {
    std::vector<std::string> arguments{"reward"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    const Called called = call(arguments);
    EXPECT_EQ(called.code, 4) << command[0];
    EXPECT_TRUE(has(called.err, "run: has no traces of stage 'rl', nor of any other"))
        << called.err;
  }
  put_scored_run(folder / "run", {"one", "two"});
  const std::string path = folder / "run/traces/rl/step_1.jsonl.zst";
  auto lines = read_trace(path).value();
  lines.push_back(lines[0]);
  ASSERT_TRUE(write_trace(path, lines).ok());
  for (const char* command : {"audit", "play"}) {
    const Called doubled = call({"reward", command, folder / "run"});
    EXPECT_EQ(doubled.code, 4);
    EXPECT_TRUE(has(doubled.err, path + ":2: is group 0 again, which stands in line 1"))
        << doubled.err;
  }
}

}  // namespace
}  // namespace nelumbo
