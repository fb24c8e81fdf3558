// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::vector<std::string> run_words(const std::string& root) {
  return {"run",   in_repository("configs/tiny.yaml"),
          "--set", "run.root=" + root,
          "--set", "data.root=" + in_repository("data"),
          "--set", "reward.spec=" + in_repository("configs/rewards/smear.yaml"),
          "--set", "pretrain.steps=400"};
}

TEST(Process, CommitsACheckpointOnSigtermAndExitsWith75) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  Child child(run_words(folder.path()));
  ASSERT_TRUE(child.says("parameters"));
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 75);
  EXPECT_EQ(slurp(folder / "tiny/STATUS").substr(0, 10), "preempted ");
  EXPECT_TRUE(std::filesystem::exists(folder / "tiny/checkpoints/latest/manifest.json"));
}

TEST(Process, ExitsWith2AndOneLineOnAMisspeltCommand) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  Child child({"rnu"});
  EXPECT_TRUE(child.says("did you mean 'run'?"));
  EXPECT_EQ(child.wait(), 2);
}

/// Runs configs/tiny.yaml under that name; `during` sees the child and what it writes.
std::string hash_of_run(
    const TemporaryFolder& folder, const std::string& name, std::vector<std::string> changes,
    const std::function<void(Child&)>& during = [](Child&) {}) {
  std::vector<std::string> words = run_words(folder.path());
  changes.insert(changes.end(), {"run.name=" + name, "pretrain.steps=3", "rl.steps=8"});
  for (const std::string& change : changes)
    words.insert(words.end(), {"--set", change});
  words.insert(words.end(), {"--resume", "never"});
  Child child(words);
  during(child);
  EXPECT_EQ(child.wait(), 0) << name;
  const auto summary =
      nlohmann::json::parse(slurp(folder / (name + "/summary.json")), nullptr, false);
  return summary.is_object() ? summary["weights_hash"].get<std::string>() : "no summary";
}

/// The processes that a run has started and that have that role.
std::vector<pid_t> workers_of(const Child& run, const std::string& role) {
  std::vector<pid_t> found;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(run.pid()) + "/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t pid = 0; list >> pid;)
      if (slurp("/proc/" + std::to_string(pid) + "/cmdline").find(role) != std::string::npos)
        found.push_back(pid);
  }
  return found;
}

TEST(Process, WorkersInProcessesOfTheirOwnLeaveTheBits) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  const std::string one = hash_of_run(folder, "one", {});
  EXPECT_EQ(hash_of_run(folder, "separate", {"placement.processes=separate"}), one);
  const std::string two = hash_of_run(folder, "two", {"placement.learners=2"});
  EXPECT_EQ(hash_of_run(folder, "ranks",
                        {"placement.processes=separate", "placement.learners=2",
                         "placement.sharding=optimizer"}),
            two);
}

TEST(Process, AKilledRolloutProcessIsReplacedAndNothingIsLost) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  const std::string whole = hash_of_run(folder, "whole", {});
  std::vector<pid_t> killed;
  EXPECT_EQ(hash_of_run(folder, "hurt", {"placement.processes=separate"},
                        [&](Child& child) {
                          ASSERT_TRUE(child.says("sft 3/3"));
                          killed = workers_of(child, "rollout");
                          ASSERT_EQ(killed.size(), 2U);
                          ::kill(killed.front(), SIGKILL);
                          EXPECT_TRUE(child.says("signal 9 (Killed)"));
                        }),
            whole);
  for (const pid_t pid : killed)
    EXPECT_EQ(::kill(pid, 0), -1) << "a process was left behind";
}

TEST(Process, AKilledLearnerProcessEndsTheRunWithItsCause) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  std::vector<std::string> words = run_words(folder.path());
  words.insert(words.end(), {"--set", "placement.processes=separate"});
  Child child(words);
  ASSERT_TRUE(child.says("pretrain 1/"));
  const std::vector<pid_t> learners = workers_of(child, "learner");
  ASSERT_EQ(learners.size(), 1U);
  ::kill(learners.front(), SIGKILL);
  EXPECT_TRUE(child.says("its process learner-0#"));
  EXPECT_NE(child.wait(), 0);
}

}  // namespace
}  // namespace nelumbo
