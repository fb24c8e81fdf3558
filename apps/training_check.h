// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.h"
#include "configs/run_config.h"
#include "model/network.h"

namespace nelumbo {

/// Whether the policy has what the stages of the run freeze and adapt. kInvalidConfig names the key
/// and the word: "sft.freeze.0: ...".
Result<void> check_training(const RunConfig& config, const Network& network);

}  // namespace nelumbo
