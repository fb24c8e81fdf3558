// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/run_traces.h"
#include "apps/show_report.h"
#include "base/metrics.h"
#include "reward/audit.h"
#include "reward/audit_checks.h"

namespace nelumbo {
namespace {

struct AuditOptions {
  std::string run;
  std::string stage = "rl";
};

/// What the metrics say of the judge that was held out; those of a run that has none are not there.
Result<void> add_holdout(const AuditOptions& options, AuditReport* report) {
  const std::string path = options.run + "/metrics.jsonl";
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    return {};
  const Result<std::vector<MetricsRow>> rows = read_metrics(path);
  if (!rows)
    return rows.error();
  if (auto finding = holdout_finding(rows.value(), options.stage))
    report->findings.push_back(std::move(*finding));
  return {};
}

Result<void> audit(Session& session, const AuditOptions& options) {
  Audit audit;
  const auto add = [&audit](int64_t step, const ScoredGroup& group) -> Result<void> {
    audit.add(step, group);
    return {};
  };
  if (auto done = for_each_group(options.run, options.stage, add); !done)
    return done;
  AuditReport report = audit.report();
  calibrate(audit, report);
  if (auto done = add_holdout(options, &report); !done)
    return done;
  show_report(session, report);
  return {};
}

}  // namespace

void add_reward_audit_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<AuditOptions>();
  CLI::App* command = reward.add_subcommand(
      "audit",
      "Looks for what the rewards of a run should not do: follow length or a word, jump, "
      "be alike; with the rate of false alarms of each check.");
  command->add_option("RUN", options->run, "A run directory.")->required();
  command->add_option("--stage", options->stage, "Whose traces are read.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo reward audit runs/quickstart");
  command->callback([&session, options] {
    session.action = [&session, options] { return audit(session, *options); };
  });
}

}  // namespace nelumbo
