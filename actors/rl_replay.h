// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "actors/rl_batches.h"

namespace nelumbo {

/// The batches of an asynchronous run (rl_stream.h) once more, bit for bit: which groups make a
/// batch, and which weights drew which token, is read from its traces. Groups are drawn one by one
/// when their batch is due, and the engine is given one version behind the other, each when the
/// answers have come to where it took over. What each answer was found to be worth is taken from
/// the trace, too, since a judge may say something else today.
class RlReplay : public RlBatches {
 public:
  using RlBatches::RlBatches;

  /// kInvalidConfig: weights from before a checkpoint are in none.
  Result<void> take_over() override;
  /// kCheckFailed names the first token that is another one; kBadData a trace of another run.
  Result<RlBatch> next(Metrics& metrics) override;
  Result<void> settle() override { return {}; }
  Result<void> keep() override { return {}; }
  Result<void> end() override { return {}; }

 private:
  Result<void> give(PolicyVersion version);
  /// What had been asked for a group.
  Result<GroupRequest> request_of(const ScoredGroup& told);
  Result<ScoredGroup> draw(const ScoredGroup& told);

  std::map<uint64_t, Shared<WeightSet>> weights_;  ///< by version, those that tokens may be of
  std::map<std::pair<int64_t, int64_t>, std::vector<GroupRequest>> asked_;  ///< by step and round
};

}  // namespace nelumbo
