// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// A scored group as it is stored in a trace: prompt, the hash of the specification, and for each
/// trajectory its text, tokens, tool calls, thoughts and outcome with components. It holds all that
/// scoring looks at, so that trace_reader.h makes a group of it that scores the same. Where other
/// weights took over in the middle of an answer, "swaps" says from which token on which version
/// drew it: [12, 4, 30, 5].
///
///     {"group": 7, "spec_hash": "9f..", "prompt": {"id": "train/x/locate/0", "task": "locate",
///      "reward": "locate", "text": .., "truth": {..}, "view": [..], "size": [640, 480]},
///      "trajectories": [{"sample": 0, "version": 3, "text": .., "answer": .., "answer_box": [..],
///                        "finish": "stop", "tokens": [..], "sampled": [..], "calls": [..],
///                        "thoughts": [{"text": .., "first_token": 4, "last_token": 9}],
///                        "outcome": {"kind": "score", "total": 0.8, "components": [..],
///                                    "nanoseconds": [820, ..], ..}}, ..]}
///
/// `nanoseconds` are what each component took; they differ each time, and nothing compares them.
nlohmann::json to_trace(const ScoredGroup& group);

/// The traces of several groups.
std::vector<nlohmann::json> to_traces(const std::vector<ScoredGroup>& groups);

/// Writes one line for each group, compressed by zstd, whole or not at all.
Result<void> write_trace(const std::string& path, const std::vector<nlohmann::json>& lines);

/// The text of a file of traces; each line is one group's. kBadData names the file.
Result<std::string> read_trace_text(const std::string& path);

/// Its lines as they stand. kBadData names the file and, where it can, the line.
Result<std::vector<nlohmann::json>> read_trace(const std::string& path);

}  // namespace nelumbo
