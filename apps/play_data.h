// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// A scored group as the page of `reward play` takes it: what was asked, and each answer with its
/// text (4,000 bytes of it), its outcome and all components with their evidence. UTF-8 throughout.
nlohmann::json play_group(const ScoredGroup& group);

/// The traced steps of a stage of a run, read when they are asked for. Immutable.
class PlayData {
 public:
  /// Groups of one step and one spec that are shown: the first.
  static constexpr int64_t kMostGroups = 128;

  /// kInvalidConfig where there is no such run or stage.
  static Result<PlayData> open(const std::string& run, const std::string& stage);

  /// {"run", "stage", "steps": [1311, ..]}
  nlohmann::json overview() const;
  /// {"step", "left_out": {spec: its groups that are not shown}, "groups": [..]}. kInvalidConfig
  /// where there is no such step; kBadData names file and line of a damaged trace.
  Result<nlohmann::json> step(int64_t number) const;

 private:
  std::string run_, stage_;
  std::map<int64_t, std::string> files_;
};

}  // namespace nelumbo
