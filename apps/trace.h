// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

#include "reward/reward.h"

namespace nelumbo {

/// One scored trajectory as one line of `traces/<stage>/step_<n>.jsonl.zst`: the prompt with its
/// truth, every token that was drawn with its log-prob, the text, the tool calls with where their
/// boxes lie in the original picture, and the outcome component by component.
///
/// With pictures, the original (at most 320 pixels wide) and each observation are added as base64
/// JPEG; ask for that for a few samples only. `scale` tells how many pixels of the original one
/// pixel of the stored picture stands for.
/// REQUIRES: i < scored.group->trajectories.size(), one outcome for each trajectory.
nlohmann::json trace_of(const ScoredGroup& scored, size_t i, bool with_pictures);

/// The word for an outcome's kind: "score", "invalid", "infra_error" or "timeout".
const char* to_string(Outcome::Kind kind);

}  // namespace nelumbo
