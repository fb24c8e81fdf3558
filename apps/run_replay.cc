// SPDX-License-Identifier: Apache-2.0
#include "apps/run_replay.h"

#include <filesystem>
#include <system_error>

#include <nlohmann/json.hpp>

#include "actors/rollback.h"
#include "base/file.h"
#include "reward/trace_reader.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// What may differ between a run and its replay, as in the replay.
std::string comparable(RunConfig config, const RunConfig& replay) {
  const int64_t seed = config.run.seed, learners = config.placement.learners;
  config.run = replay.run;
  config.run.seed = seed;
  config.placement = replay.placement;
  config.placement.learners = learners;
  return resolved_yaml(config);
}

Result<std::vector<ScoredGroup>> groups_of_step(const std::string& run, int64_t step) {
  std::vector<ScoredGroup> groups;
  const std::string path = run + "/traces/rl/step_" + std::to_string(step) + ".jsonl.zst";
  auto read = for_each_trace(path, [&groups](const ScoredGroup& group) -> Result<void> {
    groups.push_back(group);
    return {};
  });
  if (!read)
    return read.error();
  return groups;
}

bool is_same_folder(const std::string& a, const std::string& b) {
  std::error_code none;
  return fs::equivalent(a, b, none);
}

}  // namespace

Result<ReplayedGroups> open_replay(const RunConfig& config, const std::string& run) {
  const auto refused = [&run](const std::string& why) {
    return Error{Errc::kInvalidConfig, "--replay " + run + ": " + why};
  };
  const std::string resolved = run + "/config.resolved.yaml";
  std::error_code none;
  if (!fs::exists(resolved, none))
    return refused("there is no run in this folder; give that of a run, runs/NAME");
  const auto theirs = read_run_config(resolved, {});
  if (!theirs)
    return theirs.error();
  if (config.rl.max_staleness < 2 || !config.has_stage("rl"))
    return refused(
        "a run without rl.max_staleness of 2 or more repeats its bits by itself; leave "
        "--replay out");
  if (config.placement.processes != "one")
    return refused("a replay is one process; add --set placement.processes=one");
  if (is_same_folder(run, config.run.root + "/" + config.run.name))
    return refused("this is the run itself; add --set run.name=OTHER");
  if (comparable(theirs.value(), config) != comparable(config, config))
    return refused("it had another configuration than this one, see " + resolved +
                   "; all but run.name, run.root and placement must be the same, and "
                   "placement.learners, too");
  if (!read_rollbacks(run).empty())
    return refused("steps were left out in it (guard.policy rollback), which no trace tells of");
  return ReplayedGroups([run](int64_t step) { return groups_of_step(run, step); });
}

Result<void> require_same_weights(const std::string& run, const std::string& weights_hash) {
  const Result<std::string> text = read_file(run + "/summary.json", 64 << 20);
  if (!text)
    return {};  // it is not finished
  const auto summary = nlohmann::json::parse(text.value(), nullptr, false);
  if (!summary.is_object() || summary.value("exit_code", 1) != 0)
    return {};
  const std::string theirs = summary.value("weights_hash", "");
  if (theirs == weights_hash)
    return {};
  return Error{Errc::kCheckFailed, "--replay " + run + ": its weights at the end are " + theirs +
                                       ", and those of the replay " + weights_hash};
}

}  // namespace nelumbo
