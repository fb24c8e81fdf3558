// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "reward/reward.h"

namespace nelumbo {

/// Which number of a stored score, or name of a layer or gate, no specification gives, and why:
/// "'total' is 1e+300, and none gives more than 1.05"; none where all may be. The bounds are what
/// layers, shaping and gates can make of each other, widened by what the components say of points
/// for faults; a gate has its component, and no other has one.
std::optional<std::string> beyond_bounds(const Outcome& outcome);

}  // namespace nelumbo
