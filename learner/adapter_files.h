// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "model/peft_adapter.h"
#include "model/weights.h"

namespace nelumbo {

/// The adapter in what Learner::state() gave, as files hold it, with the hash of the weights that
/// it belongs to: `weights` before it was merged into them. None where the stage trains none.
std::optional<PeftAdapter> adapter_of_state(const WeightSet& state, const WeightSet& weights);

}  // namespace nelumbo
