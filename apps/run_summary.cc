// SPDX-License-Identifier: Apache-2.0
#include "apps/run_summary.h"

#include <cmath>

#include "apps/command_line.h"
#include "apps/machine.h"
#include "learner/algorithm_card.h"

namespace nelumbo {
namespace {

using nlohmann::json;

json stages_json(const PipelineReport& report, const std::map<std::string, double>& seconds) {
  json stages = json::array();
  for (const StageReport& stage : report.stages) {
    const auto spent = seconds.find(stage.name);
    stages.push_back({{"name", stage.name}, {"planned", stage.planned}, {"done", stage.done}});
    if (stage.reused)
      stages.back()["reused"] = true;
    if (spent != seconds.end())
      stages.back()["seconds"] = spent->second;
    for (const auto& [name, value] : stage.last)
      if (std::isfinite(value))
        stages.back()["last"][name] = value;
  }
  return stages;
}

}  // namespace

json environment_json(const RunPlan& plan, const RunConfig& config,
                      const std::string& config_hash) {
  json env = machine_json(plan.team());
  int64_t parameters = 0;
  for (const ParameterInfo& info : plan.network().parameters) {
    int64_t size = 1;
    for (int64_t side : info.shape)
      size *= side;
    parameters += size;
  }
  env.update(plan.figures());
  env["seed"] = config.run.seed;
  env["config_hash"] = config_hash;
  env["reward_hash"] = plan.inputs().reward;
  env["parameters"] = parameters;
  if (config.has_stage("rl"))
    env["algorithm"] = algorithm_card(config.rl);
  return env;
}

json summary_json(const PipelineReport& report, const std::map<std::string, double>& seconds) {
  json summary = {{"exit_code", report.end ? 0 : exit_code(report.end.error().code)},
                  {"stages", stages_json(report, seconds)},
                  {"peak_rss_mb", peak_memory_mb()}};
  if (report.begun)
    summary.update({{"steps", report.steps},
                    {"weights_hash", report.weights_hash},
                    {"restarts", report.restarts}});
  if (report.counted)
    summary["ledger"] = {{"issued", report.ledger.issued},
                         {"committed", report.ledger.committed},
                         {"dropped", report.ledger.dropped},
                         {"in_flight", report.ledger.in_flight}};
  if (!report.end) {
    const Error& error = report.end.error();
    summary["cause"] = error.message;
    summary["resumable"] = error.code == Errc::kPreempted || error.code == Errc::kUnavailable;
  }
  return summary;
}

}  // namespace nelumbo
