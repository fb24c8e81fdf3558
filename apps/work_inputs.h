// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/membership.h"
#include "apps/stage_keys.h"
#include "base/error.h"
#include "configs/run_config.h"

namespace nelumbo {

/// What the coordinator and every worker process of a run must have in common for the bits to be
/// those of one process: "configuration", "data", "program", "instruction set". Scoring is the
/// coordinator's alone. `config` as the coordinator has resolved it. kEnvironment when the
/// program's own file cannot be read.
Result<WorkInputs> work_inputs(const RunConfig& config, const StageInputs& inputs);

}  // namespace nelumbo
