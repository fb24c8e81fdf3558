// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

// Runs of the program itself, with its processes.

namespace nelumbo {

inline std::vector<std::string> run_words(const std::string& root) {
  return {"run",   in_repository("configs/tiny.yaml"),
          "--set", "run.root=" + root,
          "--set", "data.root=" + in_repository("data"),
          "--set", "reward.spec=" + in_repository("configs/rewards/smear.yaml"),
          "--set", "pretrain.steps=400"};
}

/// Runs configs/tiny.yaml under that name; `during` sees the child and what it writes.
inline std::string hash_of_run(
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

/// The processes that `parent` has started.
inline std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(parent) + "/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t pid = 0; list >> pid;)
      found.push_back(pid);
  }
  return found;
}

/// The one that a run's parent watches over.
inline pid_t coordinator_of(const Child& run) {
  const std::vector<pid_t> found = children_of(run.pid());
  return found.size() == 1 ? found.front() : 0;
}

/// Those that a run has started and that have that role.
inline std::vector<pid_t> workers_of(const Child& run, const std::string& role) {
  std::vector<pid_t> found;
  for (const pid_t pid : children_of(coordinator_of(run)))
    if (slurp("/proc/" + std::to_string(pid) + "/cmdline").find(role) != std::string::npos)
      found.push_back(pid);
  return found;
}

/// Whether all are gone within 10 s.
inline bool are_gone(const std::vector<pid_t>& pids) {
  for (int i = 0; i < 500; ++i) {
    if (std::ranges::none_of(pids, [](pid_t pid) { return ::kill(pid, 0) == 0; }))
      return true;
    ::usleep(20'000);
  }
  return false;
}

}  // namespace nelumbo
