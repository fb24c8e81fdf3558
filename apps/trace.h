// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

#include "reward/reward.h"

namespace nelumbo {

/// A trace of a scored group (see `to_trace`) with what a person needs to judge it: the original
/// picture (at most 320 pixels wide) and each picture that a tool returned, as base64 JPEG.
///
///     {..., "picture": {"width": 320, "height": 240, "scale": 2, "jpeg": "/9j/.."},
///      "trajectories": [{..., "calls": [{..., "observation": {"width": 96, ..}}]}]}
///
/// `scale` says how many pixels of the original one pixel of the stored picture stands for. Only
/// the first `most` trajectories are kept.
nlohmann::json illustrated_trace(const ScoredGroup& scored, size_t most);

}  // namespace nelumbo
