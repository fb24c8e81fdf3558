// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "actors/pipeline.h"
#include "apps/run_plan.h"

namespace nelumbo {

/// env.json: the machine, its calibrated speed, and what went into the run.
nlohmann::json environment_json(const RunPlan& plan, const RunConfig& config,
                                const std::string& config_hash);

/// summary.json without the evaluation: exit code, cause and whether going on
/// may help, stages with steps planned and done
/// and seconds, weights_hash, ledger counts, replaced actors, peak memory; what is not known is
/// left out. `seconds` by stage, over all processes of the run.
nlohmann::json summary_json(const PipelineReport& report,
                            const std::map<std::string, double>& seconds);

}  // namespace nelumbo
