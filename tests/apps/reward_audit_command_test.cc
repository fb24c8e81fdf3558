// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/apps/scored_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// The checks that raise an alarm on a run with something planted.
std::vector<std::string> alarms_of(Plant plant) {
  const TemporaryFolder folder;
  put_simulated_run(folder / "run", plant);
  const Called called = call({"reward", "audit", folder / "run", "--json"});
  EXPECT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["answers"], 24 * 8 * 8);
  EXPECT_EQ(report["calibration_runs"], 20);
  std::vector<std::string> alarms;
  for (const auto& finding : report["findings"])
    if (finding["alarm"].get<bool>())
      alarms.push_back(finding["check"]);
  return alarms;
}

TEST(RewardAuditCommand, FindsWhatIsPlantedAndNothingElse) {
  EXPECT_TRUE(alarms_of(Plant::kNone).empty());
  const auto hack = alarms_of(Plant::kLengthHack);
  EXPECT_TRUE(std::ranges::find(hack, "length") != hack.end());
  const auto bias = alarms_of(Plant::kBias);
  EXPECT_EQ(bias, std::vector<std::string>{"bias"});
}

TEST(RewardAuditCommand, PrintsTheFalseAlarmRates) {
  const TemporaryFolder folder;
  put_scored_run(folder / "run", {"one", "two"});
  const Called called = call({"reward", "audit", folder / "run"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, " of 20")) << called.out;
  EXPECT_TRUE(has(called.out, "no alarm")) << called.out;
}

TEST(RewardAuditCommand, LooksAtTheJudgeThatWasHeldOut) {
  const TemporaryFolder folder;
  put_scored_run(folder / "run", {"one", "two"});
  const std::string head = R"({"stage":"rl","step":)";
  put_file(
      folder / "run/metrics.jsonl",
      head + R"(1,"judge/holdout/samples":25,"judge/holdout/gap":0.02,"judge/holdout/alarm":0})" +
          "\n" + head +
          R"(2,"judge/holdout/samples":40,"judge/holdout/gap":-0.15,"judge/holdout/alarm":1})" +
          "\n");
  const Called called = call({"reward", "audit", folder / "run"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "ALARM holdout ")) << called.out;
  EXPECT_TRUE(has(called.out, "lay 0.150 below the one held out at step 2, over 40 answers"))
      << called.out;
}

TEST(RewardAuditCommand, NamesARunThatIsNotThere) {
  const Called called = call({"reward", "audit", "no/such/run"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "no/such/run: there is no such run")) << called.err;
}

}  // namespace
}  // namespace nelumbo
