// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "actors/checkpoint.h"

namespace nelumbo {

/// state.json of a checkpoint: all of a state but what was drawn ahead.
nlohmann::json to_json(const RunState& state);

/// REQUIRES: inside a try block; the library throws on a missing or mistyped key.
RunState state_from_json(const nlohmann::json& in);

}  // namespace nelumbo
