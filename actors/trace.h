// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// A scored group as it is stored in a trace: prompt, and for each trajectory its text, tokens,
/// tool calls and outcome with components.
///
///     {"group": 7, "prompt": {"id": "train/x/locate/0", "task": "locate", "text": ..., "truth":
///     ..},
///      "trajectories": [{"sample": 0, "version": 3, "text": ..., "answer": ..., "answer_box":
///      [..],
///                        "finish": "stop", "tokens": [..], "sampled": [..], "calls": [..],
///                        "outcome": {"kind": "score", "total": 0.8, "components": [..], ..}}, ..]}
nlohmann::json to_trace(const ScoredGroup& group);

/// The traces of several groups.
std::vector<nlohmann::json> to_traces(const std::vector<ScoredGroup>& groups);

/// Writes one line for each group, compressed by zstd, whole or not at all.
Result<void> write_trace(const std::string& path, const std::vector<nlohmann::json>& lines);

/// Reads the lines back. kBadData names the file and, where it can, the line.
Result<std::vector<nlohmann::json>> read_trace(const std::string& path);

}  // namespace nelumbo
