// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/config.h"
#include "model/network.h"

namespace nelumbo {

/// How a stage treats a parameter.
enum class Treatment : uint8_t {
  kTrained,  ///< it is stepped on
  kAdapted,  ///< it follows its adapter, which is stepped on
  kFrozen,   ///< it gets no gradient, no moments and no decay, and keeps its bits
};

/// The treatment of each parameter, in the network's order. With adapters, a parameter is adapted
/// or frozen; what `freeze` names gets no adapter. kInvalidConfig says which word names nothing, or
/// that nothing is left to train, as "freeze.0: ...".
Result<std::vector<Treatment>> treatments(const Network& network, const TrainingConfig& config);

}  // namespace nelumbo
