// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// A line of a trace as the group that it was made of, with its stored outcomes: scoring it again
/// by the same specification gives the same outcomes. Of a picture only the size is there. kBadData
/// "PLACE: what" where a field is missing or of another shape; `place` is "FILE:LINE".
Result<ScoredGroup> from_trace(const nlohmann::json& line, const std::string& place);

}  // namespace nelumbo
