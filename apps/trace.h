// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "reward/reward.h"

namespace nelumbo {

/// A trace of a scored group (see `to_trace`) with what a person needs to judge it: the original
/// picture (at most 320 pixels wide) and each picture that a tool returned, as base64 JPEG.
///
///     {..., "picture": {"width": 320, "height": 240, "scale": 2, "jpeg": "/9j/.."},
///      "trajectories": [{..., "calls": [{..., "observation": {"width": 96, ..}}]}]}
///
/// `scale` says how many pixels of the original one pixel of the stored picture stands for.
nlohmann::json illustrated_trace(const ScoredGroup& scored);

/// The traces of a step: every group, the first two of each task with their pictures. Controls
/// ("..._blank", "..._no_tool") go without.
std::vector<nlohmann::json> traces_of(const std::string& stage,
                                      const std::vector<ScoredGroup>& groups);

}  // namespace nelumbo
