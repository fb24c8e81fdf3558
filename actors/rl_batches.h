// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/stage.h"

namespace nelumbo {

/// What a step of rl is made of.
struct RlBatch {
  std::vector<ScoredGroup> all;   ///< everything that was answered for it
  std::vector<ScoredGroup> kept;  ///< what trains
  int64_t zero_spread = 0;
};

/// Where the batches of rl come from, and what the engines draw meanwhile: rl_turns.h for
/// max_staleness 0 and 1, rl_stream.h beyond, rl_replay.h where such a run is repeated.
class RlBatches {
 public:
  explicit RlBatches(StageContext& context) : context_(context), config_(context.setup().rl) {}
  virtual ~RlBatches() = default;
  RlBatches(const RlBatches&) = delete;
  RlBatches& operator=(const RlBatches&) = delete;

  /// Goes on with what a checkpoint kept.
  virtual Result<void> take_over() = 0;
  /// The batch of the step that begins.
  virtual Result<RlBatch> next(Metrics& metrics) = 0;
  /// Waits for the answers that are being drawn, and holds them for later batches: the engines are
  /// free for something else.
  virtual Result<void> settle() = 0;
  /// Settles, and puts what is held into the state, for a checkpoint.
  virtual Result<void> keep() = 0;
  /// The stage is over: what is held does not train.
  virtual Result<void> end() = 0;

  /// Gives the newest weights to the engines, unless they have them.
  Result<void> publish(Metrics& metrics);
  /// Records the fate of a group's scored samples in the step of that number; those without a score
  /// are dropped in any case. `reason`: of scored samples that are dropped.
  void note(const ScoredGroup& group, Fate fate, int64_t step, const std::string& reason = "");

 protected:
  /// Takes up an edited reward specification. REQUIRES: nothing is being scored.
  Result<void> refresh_reward(Metrics& metrics);
  /// The groups that a checkpoint holds, known to the ledger of this process again; none: it holds
  /// no answers, or those of another max_staleness or number of prompts.
  Result<std::optional<PolicyJob>> kept_answers();
  /// What is asked for the prompts of round `number` of the step `stage_step`, at most `count`.
  std::vector<GroupRequest> requests(int64_t stage_step, int64_t number, int64_t count) const;
  /// Whether a group that was answered for a batch may train: it is counted and dropped where its
  /// answers do not differ.
  bool differs(const ScoredGroup& group, RlBatch& batch);

  StageContext& context_;
  const RlConfig& config_;

  std::optional<uint64_t> published_;  ///< the version that the engines have
};

/// Those that the configuration asks for.
std::unique_ptr<RlBatches> make_rl_batches(StageContext& context);

}  // namespace nelumbo
