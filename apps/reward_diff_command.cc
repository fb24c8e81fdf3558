// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/reward_source.h"
#include "apps/run_traces.h"
#include "apps/show_report.h"
#include "reward/spec_diff.h"

namespace nelumbo {
namespace {

struct DiffOptions {
  std::string before, after, run;
  std::string stage = "rl";
};

Result<void> diff(Session& session, const DiffOptions& options) {
  const auto before = read_reward_spec(options.before);
  if (!before)
    return before.error();
  const auto after = read_reward_spec(options.after);
  if (!after)
    return after.error();
  SpecDiff diff(*before.value(), *after.value());
  const auto add = [&diff](int64_t /*step*/, const ScoredGroup& group) {
    return diff.add(*group.group);
  };
  if (auto done = for_each_group(options.run, options.stage, add); !done)
    return done;
  const DiffReport report = diff.report();
  show_report(session, report);
  return {};
}

}  // namespace

void add_reward_diff_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = reward.add_subcommand(
      "diff", "Scores the answers of a run by two specifications: what a change would have meant.");
  command->add_option("OLD", options->before, "A reward specification.")->required();
  command->add_option("NEW", options->after, "Another one.")->required();
  command->add_option("--run", options->run, "A run directory.")->required();
  command->add_option("--stage", options->stage, "Whose traces are read.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo reward diff old.yaml new.yaml --run runs/quickstart");
  command->callback([&session, options] {
    session.action = [&session, options] { return diff(session, *options); };
  });
}

}  // namespace nelumbo
