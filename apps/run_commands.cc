// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/recipe.h"
#include "apps/run_options.h"
#include "apps/run_plan.h"
#include "base/stop.h"
#include "configs/run_config.h"

namespace nelumbo {
namespace {

Result<void> run(Session& session, const RunOptions& options) {
  install_stop_signals();
  const auto say = [&session](const std::string& line) { session.err << line << '\n'; };
  const RunResult result = run_recipe(options, say);
  remove_stop_signals();  // nobody may read what follows
  // Of a process that its parent may follow by another one, the end is not the run's.
  const bool may_go_on =
      options.attempt > 0 && !result.end && result.end.error().code == Errc::kUnavailable;
  if (may_go_on)
    return result.end;
  if (session.json && result.summary.is_object())
    session.out << result.summary.dump() << '\n';
  else if (result.end)
    session.out << "report: " << result.directory << "/report.html\n";
  return result.end;
}

struct CheckOptions {
  std::string config;
  std::vector<std::string> overrides;
};

/// Every error of the configuration, one a line; only if there is none, those of specification,
/// model and data.
Result<void> check(Session& session, const CheckOptions& options) {
  const std::vector<Error> errors = check_run_config(options.config, options.overrides);
  if (!errors.empty()) {
    std::string all;
    for (const Error& error : errors)
      all += (all.empty() ? "" : "\n") + error.message;
    return Error{Errc::kInvalidConfig, all};
  }
  Result<RunConfig> config = read_run_config(options.config, options.overrides);
  if (!config)
    return config.error();
  if (Result<void> able = check_machine(config.value()); !able)
    return able;
  const Result<std::unique_ptr<const RunPlan>> plan = load_plan(config.value(), options.config);
  if (!plan)
    return plan.error();
  if (session.json) {
    nlohmann::json out = plan.value()->figures();
    out["config"] = options.config;
    out["reward_hash"] = plan.value()->inputs().reward;
    session.out << out.dump() << '\n';
  } else {
    session.out << options.config << ": ok; " << plan.value()->summary() << '\n';
  }
  return {};
}

void add_check_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "Says everything that is wrong with a run, and runs nothing.");
  command->add_option("CONFIG", options->config, "The YAML file.")->required();
  command->add_option("--set", options->overrides, "Overrides one key: a.b=value; repeatable.")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo check configs/quickstart.yaml --set rl.steps=50");
  command->callback([&session, options] {
    session.action = [&session, options] { return check(session, *options); };
  });
}

void add_run_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Runs the pipeline of a configuration.");
  add_run_options(*command, *options, session.json);
  command->footer(
      "Example:\n"
      "  nelumbo run configs/quickstart.yaml --set run.seed=2 --set run.name=second\n"
      "  nelumbo run configs/quickstart.yaml --set placement.processes=separate --listen "
      "0.0.0.0:7070 "
      "--certs certs\n"
      "\n"
      "Ctrl-C or SIGTERM commits a checkpoint and exits 75; the same command goes on from there,\n"
      "unless it says --resume never (give auto), or names a checkpoint of the run itself (it goes "
      "back again).\n"
      "A process that dies leaves a report in faults/ of the run, which goes on by itself.");
  command->callback([&session, options] {
    session.action = [&session, options] { return run(session, *options); };
  });
}

}  // namespace

void add_run_commands(CLI::App& app, Session& session) {
  add_run_command(app, session);
  add_check_command(app, session);
}

}  // namespace nelumbo
