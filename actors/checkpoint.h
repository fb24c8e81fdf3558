// SPDX-License-Identifier: Apache-2.0
#pragma once

// checkpoints/step_N, where N steps have been done in all:
//
//   hf/                    the policy as a Hugging Face directory
//   adapter/               the adapter that the stage trains, if it does, in PEFT's layout;
//   base.json
//                          also names the checkpoint that the stage began with
//   optimizer.safetensors  Learner::state(): weights, adapters, moments, counters
//   ahead.bin              answers that train next, where they were drawn by weights from before
//   state.json             where the run stands
//   manifest.json          written last: size and XXH3-128 of every other file and of itself
//
// It is written as step_N.tmp-<pid>, synced, and renamed; `latest` is a link that is renamed too.
// So a checkpoint is whole or invisible.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/weights.h"

namespace nelumbo {

/// The best validation of a stage.
struct BestSoFar {
  double value = 0;
  int64_t step = 0;  ///< its checkpoint, numbered on across stages

  bool operator==(const BestSoFar&) const = default;
};

/// Where a run stands between two steps.
struct RunState {
  int64_t stage_index = 0;           ///< in the pipeline; its length when the run is done
  std::string stage;                 ///< for people
  int64_t stage_step = 0;            ///< steps done in that stage
  int64_t step = 0;                  ///< steps done in all
  int64_t trained_from = 0;          ///< the step at which the latest stage that trains began
  uint64_t version = 0;              ///< of the policy
  int64_t restarts = 0;              ///< rollout actors replaced so far
  std::optional<BestSoFar> best;     ///< of the rl stage
  std::optional<double> judged;      ///< value of the stage's latest validation
  std::vector<float> zero_spread;    ///< shares of the latest rl steps, oldest first
  std::vector<int64_t> stage_steps;  ///< steps done in each finished stage
  std::vector<char> ahead;           ///< the groups that train next (actors/wire.h), if drawn ahead
  std::vector<double> reference;     ///< of the dpo stage: actors/preference_stage.h

  bool operator==(const RunState&) const = default;
};

/// What a checkpoint consists of. Handles, for it is gigabytes.
struct CheckpointContent {
  RunState state;
  std::shared_ptr<const WeightSet> learner_state;
  std::shared_ptr<const WeightSet> weights;
  int64_t ledger_offset = 0;
};

/// A checkpoint that was read back and whose every hash agreed.
struct Checkpoint {
  std::string path;
  std::string config_hash;
  RunState state;
  WeightSet learner_state;
  int64_t ledger_offset = 0;  ///< bytes that the ledger had when it was made
};

/// The checkpoints of one run. One thread uses it.
class CheckpointStore {
 public:
  /// Writes the policy as a Hugging Face directory; the XXH3-128 of its model.safetensors.
  using ModelWriter =
      std::function<Result<std::string>(const std::string& folder, const WeightSet&)>;

  /// Removes what interrupted writers left in `folder`.
  CheckpointStore(std::string folder, std::string config_hash, int64_t keep,
                  ModelWriter write_model);

  /// Writes step_N and then deletes old ones, except the newest `keep`, the best, and the one that
  /// an adapter of step_N belongs to. On failure (kEnvironment) the others are untouched.
  Result<std::string> save(const CheckpointContent& content);
  /// The newest that is whole and of this configuration, and no later than `latest`; none when
  /// there is none. `skipped` gets a sentence for each broken one.
  std::optional<Checkpoint> newest(std::vector<std::string>* skipped) const;
  /// The run goes on behind `step`: `latest` is the checkpoint of that step from now on, or none,
  /// and later ones, which a start could not read or went back behind, are set aside as
  /// step_M.passed, so that no start takes up again what the ledger has dropped. A sentence for
  /// each of them. kEnvironment where the folder takes no changes.
  Result<std::vector<std::string>> go_on_from(int64_t step) const;
  /// "PATH: .." where the one that was saved last is not there any more; our own end, whenever it
  /// came, does not explain that.
  std::optional<std::string> lost() const;
  /// The checkpoint of a step of this run.
  Result<Checkpoint> load_step(int64_t step) const;
  bool has_step(int64_t step) const;

  /// Reads one checkpoint directory and checks every size and hash.
  static Result<Checkpoint> load(const std::string& path);
  /// Only checks them, and that the weights are those of that hash. kBadData says what is missing,
  /// damaged or another's.
  static Result<void> check(const std::string& path, const std::string& weights_hash);

 private:
  Result<void> fill(const std::string& folder, const CheckpointContent& content) const;
  std::string step_path(int64_t step) const;
  std::vector<int64_t> steps() const;
  /// That `latest` names.
  std::optional<int64_t> latest_step() const;
  void collect(const RunState& state) const;

  std::string folder_;
  std::string config_hash_;
  int64_t keep_;
  ModelWriter write_model_;
};

}  // namespace nelumbo
