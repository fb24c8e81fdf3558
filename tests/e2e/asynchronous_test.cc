// SPDX-License-Identifier: Apache-2.0
//
// rl.max_staleness of 2 and more: answers are drawn while the learner trains and weights change.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/run_record.h"
#include "tests/e2e/process_run.h"
#include "tests/e2e/tiny_run.h"

namespace nelumbo {
namespace {

/// Twelve steps that nothing interrupts.
std::vector<std::string> streaming(const std::string& staleness, const std::string& rollouts) {
  return {"rl.max_staleness=" + staleness,
          "placement.rollouts=" + rollouts,
          "pipeline=[sft, rl]",
          "rl.steps=12",
          "rl.validate_every=50",
          "run.checkpoint_every=50",
          "sampling.max_new_tokens=48"};
}

/// What its lines of metrics say; the share of answers that weights changed in.
double expect_bound(const std::string& run, double staleness) {
  const auto rows = read_metrics(run + "/metrics.jsonl");
  EXPECT_TRUE(rows.ok());
  double swapped = 0;
  int64_t steps = 0;
  for (const MetricsRow& row : rows.value()) {
    if (row.stage != "rl")
      continue;
    ++steps;
    EXPECT_LE(row.values.at("off_policy/max"), staleness);
    EXPECT_TRUE(row.values.contains("time/answering"));
    swapped += row.values.at("off_policy/swapped");
  }
  EXPECT_EQ(steps, 12);
  return swapped / 12;
}

TEST(AsynchronousRun, TrainsNothingTooOldAndCanBeRepeatedBitForBit) {
  for (const std::string staleness : {"2", "4"}) {
    const TemporaryFolder folder;
    const RunResult first = run_quietly(
        tiny_options(folder.path(), streaming(staleness, staleness == "2" ? "1" : "3")));
    const std::string hash = hash_of(first);
    expect_balanced(first);
    const double swapped = expect_bound(first.directory, std::stod(staleness));
    std::printf("max_staleness %s: weights changed in %.0f %% of the answers\n", staleness.c_str(),
                100 * swapped);
    std::vector<std::string> changes = streaming(staleness, "1");
    changes.push_back("run.name=again");
    RunOptions options = tiny_options(folder.path(), changes);
    options.replay = first.directory;
    const RunResult again = run_quietly(options);
    EXPECT_EQ(hash_of(again), hash);
    expect_balanced(again);
    EXPECT_EQ(expect_bound(again.directory, std::stod(staleness)), swapped);
  }
}

TEST(AsynchronousRun, ARolloutProcessThatIsKilledIsReplacedAndTheLedgerBalances) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  std::vector<std::string> changes = streaming("3", "2");
  changes.push_back("placement.processes=separate");
  changes.push_back("rl.steps=12");
  std::vector<pid_t> killed;
  std::vector<std::string> words = run_words(folder.path());
  for (const std::string& change : changes)
    words.insert(words.end(), {"--set", change});
  words.insert(words.end(), {"--resume", "never"});
  Child child(words);
  ASSERT_TRUE(child.says("sft 3/3"));
  killed = workers_of(child, "rollout");
  ASSERT_EQ(killed.size(), 2U);
  ::kill(killed.front(), SIGKILL);
  EXPECT_TRUE(child.says("signal 9 (Killed)"));
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(are_gone(killed));
  const auto summary = nlohmann::json::parse(slurp(folder / "tiny/summary.json"), nullptr, false);
  ASSERT_TRUE(summary.is_object());
  RunResult result;
  result.summary = summary;
  expect_balanced(result);
  expect_bound(folder / "tiny", 3);
}

}  // namespace
}  // namespace nelumbo
