// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/file.h"
#include "reward/candidate.h"
#include "reward/reward.h"
#include "reward/simulated_run.h"
#include "reward/trace.h"

namespace nelumbo {

/// Makes the folder of a run's traces, as a run does before it writes any.
inline void make_trace_folder(const std::string& folder) {
  const auto made = make_directories(folder + "/traces");
  NELUMBO_CHECK(made.ok()) << made.error().message;
}

/// A specification that the answers of scored_run() are right by, when they are "one".
constexpr const char* kWordSpec =
    "specs: {word: {layers: {rule: {terms: [{kind: exact, truth: answer}]}}}}\n";

/// A run directory with one traced step of rl: one group, whose answers are `answers`.
inline void put_scored_run(const std::string& folder, const std::vector<std::string>& answers) {
  auto spec = RewardSpec::parse(kWordSpec, "word.yaml");
  NELUMBO_CHECK(spec.ok()) << spec.error().message;
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "train/word/0";
  prompt->task = prompt->reward = "word";
  prompt->text = "Which word?";
  prompt->truth = {{"answer", "one"}};
  auto group = std::make_shared<Group>();
  group->prompt = prompt;
  for (const std::string& answer : answers) {
    group->trajectories.push_back(answer_candidate(*prompt, answer));
    group->trajectories.back().sample = static_cast<int32_t>(group->trajectories.size()) - 1;
  }
  const ScoredGroup scored{group, spec.value()->score(*group), spec.value()->hash()};
  make_trace_folder(folder);
  const auto written = write_trace(folder + "/traces/rl/step_1.jsonl.zst", to_traces({scored}));
  NELUMBO_CHECK(written.ok()) << written.error().message;
}

/// A run directory with the traces of a simulated run.
inline void put_simulated_run(const std::string& folder, Plant plant) {
  std::vector<std::vector<ScoredGroup>> steps(24);
  simulate_run({.steps = 24, .groups = 8, .samples = 8}, 3, plant,
               [&](int64_t step, const ScoredGroup& group) { steps[step].push_back(group); });
  make_trace_folder(folder);
  for (size_t step = 0; step < steps.size(); ++step) {
    const std::string path = folder + "/traces/rl/step_" + std::to_string(step) + ".jsonl.zst";
    const auto written = write_trace(path, to_traces(steps[step]));
    NELUMBO_CHECK(written.ok()) << written.error().message;
  }
}

}  // namespace nelumbo
