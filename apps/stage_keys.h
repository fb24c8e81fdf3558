// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "configs/run_config.h"

namespace nelumbo {

/// XXH3-128 of this program's own file. kEnvironment when it cannot be read.
Result<std::string> program_hash();

/// What decides the results of a run beside its configuration.
struct StageInputs {
  std::string data;    ///< hash of what the stages read
  std::string reward;  ///< hash of the reward specification
};

/// One key for each stage of the pipeline but curate, which has one of its own: XXH3-128 over
/// everything that decides what it and the stages before it give: seed, `inputs`, tokenizer, shape,
/// their sections of the configuration, the reward specification from rl on, the instruction set,
/// and this program itself. What changes no result (placement, engine, names) is not in it. The key
/// of evaluate is empty: it is always run. kEnvironment when the program's own file cannot be read.
Result<std::vector<std::string>> stage_keys(const RunConfig& config, const StageInputs& inputs);

}  // namespace nelumbo
