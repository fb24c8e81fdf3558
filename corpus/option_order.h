// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"

namespace nelumbo {

/// Brings options into a random order in which the right one, at `right`, stands at any other place
/// with equal odds, and returns that place: a policy that knows the answer goes with it, one that
/// knows a letter does not. A single option stays. REQUIRES: 0 <= right < options.
int64_t move_options(std::vector<std::string>* options, int64_t right, Random random);

}  // namespace nelumbo
