// SPDX-License-Identifier: Apache-2.0
#include "apps/run_summary.h"

#include <limits>

#include "tests/apps/small_policy.h"

namespace nelumbo {
namespace {

PipelineReport sample_report() {
  PipelineReport report;
  report.stages = {{.name = "sft",
                    .planned = 40,
                    .done = 39,
                    .last = {{"eval/caption/accuracy", 0.8},
                             {"odd", std::numeric_limits<double>::quiet_NaN()}}}};
  report.begun = report.counted = true;
  report.steps = 39;
  report.weights_hash = "abc";
  report.ledger = {.issued = 10, .committed = 8, .dropped = 2, .in_flight = 0};
  return report;
}

TEST(RunSummary, TellsStagesLedgerAndHash) {
  const auto summary = summary_json(sample_report(), {{"sft", 12.5}});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["weights_hash"], "abc");
  EXPECT_EQ(summary["stages"][0]["planned"], 40);
  EXPECT_EQ(summary["stages"][0]["done"], 39);
  EXPECT_EQ(summary["stages"][0]["seconds"], 12.5);
  EXPECT_EQ(summary["ledger"]["dropped"], 2);
  EXPECT_FALSE(summary["stages"][0]["last"].contains("odd"));
}

TEST(RunSummary, TellsWhyARunEnded) {
  PipelineReport report = sample_report();
  report.end = Error{Errc::kPreempted, "stopped by a signal"};
  const auto summary = summary_json(report, {});
  EXPECT_EQ(summary["exit_code"], 75);
  EXPECT_EQ(summary["cause"], "stopped by a signal");
}

TEST(RunSummary, LeavesOutWhatIsNotKnown) {
  PipelineReport report = sample_report();
  report.counted = false;
  const auto uncounted = summary_json(report, {});
  EXPECT_FALSE(uncounted.contains("ledger"));
  EXPECT_EQ(uncounted["steps"], 39);
  PipelineReport never_begun;
  never_begun.end = Error{Errc::kBadData, "ledger.bin: .."};
  const auto refused = summary_json(never_begun, {});
  for (const char* name : {"ledger", "steps", "weights_hash", "restarts"})
    EXPECT_FALSE(refused.contains(name)) << name;
}

TEST(RunSummary, TellsWhatWentIntoARun) {
  const auto plan = load_plan(tiny_config(), "configs/tiny.yaml");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  const auto env = environment_json(*plan.value(), tiny_config(), "c0ffee");
  EXPECT_EQ(env["config_hash"], "c0ffee");
  EXPECT_EQ(env["seed"], 1);
  EXPECT_EQ(env["pictures"]["val"], 2);
  int64_t parameters = 0;
  for (const NamedTensor& tensor : tiny_weights())
    parameters += std::ssize(tensor.values);
  EXPECT_EQ(env["parameters"], parameters);
  EXPECT_TRUE(env["algorithm"].get<std::string>().starts_with("algorithm   "));
}

}  // namespace
}  // namespace nelumbo
