// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "actors/pipeline.h"
#include "apps/materials.h"

namespace nelumbo {

/// env.json: the machine, its calibrated speed, and what went into the run.
nlohmann::json environment_json(const Materials& materials, const std::string& config_hash);

/// summary.json without the evaluation: exit code and cause, stages with steps planned and done
/// and seconds, weights_hash, ledger counts, replaced actors, peak memory. `seconds` by stage.
nlohmann::json summary_json(const PipelineReport& report,
                            const std::map<std::string, double>& seconds);

}  // namespace nelumbo
