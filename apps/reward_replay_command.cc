// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/reward_source.h"
#include "apps/run_traces.h"
#include "apps/show_report.h"
#include "reward/replay.h"

namespace nelumbo {
namespace {

struct ReplayOptions {
  std::string spec, run;
  std::string stage = "rl";
};

Result<void> replay(Session& session, const ReplayOptions& options) {
  const auto spec = read_reward_spec(options.spec);
  if (!spec)
    return spec.error();
  Replay replay(*spec.value());
  const auto add = [&replay](int64_t /*step*/, const ScoredGroup& group) {
    return replay.add(group);
  };
  if (auto done = for_each_group(options.run, options.stage, add); !done)
    return done;
  const ReplayReport report = replay.report();
  show_report(session, report);
  return {};
}

}  // namespace

void add_reward_replay_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = reward.add_subcommand(
      "replay", "Scores the answers of a run again, and says what differs from what was stored.");
  command->add_option("SPEC", options->spec, "The reward specification.")->required();
  command->add_option("--run", options->run, "A run directory.")->required();
  command->add_option("--stage", options->stage, "Whose traces are read.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Example:\n  nelumbo reward replay configs/rewards/medical.yaml --run runs/quickstart");
  command->callback([&session, options] {
    session.action = [&session, options] { return replay(session, *options); };
  });
}

}  // namespace nelumbo
