// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/pipeline.h"
#include "apps/curated_cache.h"
#include "apps/evaluation_book.h"
#include "apps/stage_keys.h"
#include "base/error.h"
#include "configs/run_config.h"
#include "kernels/team.h"
#include "model/network.h"

namespace nelumbo {

/// Everything that a run of one configuration does, read and checked before anything is written:
/// one that trains a policy from nothing (apps/recipe_plan.h), or an open model on conversations
/// (apps/chat_plan.h).
class RunPlan {
 public:
  virtual ~RunPlan() = default;

  virtual const Network& network() const = 0;
  virtual Team& team() const = 0;
  /// What its stages depend on beside the configuration, for `stage_keys`.
  virtual StageInputs inputs() const = 0;
  /// The data and the policy in a few words, for people.
  virtual std::string summary() const = 0;
  /// The same in figures.
  virtual nlohmann::json figures() const = 0;

  /// What was made before the first stage: written into the run's directory `place`, in a sentence
  /// for people, and as summary.json has it.
  virtual Result<void> keep_earlier(const std::string& place, Reuse reuse) const;
  virtual std::string earlier_sentence() const { return ""; }
  virtual nlohmann::json earlier_stages() const { return nlohmann::json::array(); }

  /// Who works in it.
  virtual CrewSetup crew() const = 0;
  /// A whole run but for its directory and its callbacks; `place` is where the directory lies.
  /// Every source is a pure function of the seed, its arguments and what is kept at `place`.
  virtual PipelineSetup setup(const std::vector<StageKind>& stages,
                              const std::shared_ptr<EvaluationBook>& book,
                              const std::string& place) const = 0;
};

/// The stages of a configuration that actors run, in order: all but curate.
Result<std::vector<StageKind>> stages_of(const RunConfig& config);

/// Whether this machine has what the coordinator's part of the placement needs: GPUs, where the
/// learner ranks talk over NCCL. kEnvironment names the key and the remedy.
Result<void> check_machine(const RunConfig& config);

/// Reads and checks everything that `config` names. kInvalidConfig, kBadData or kCheckFailed name
/// the place and the fix, a line for each thing that is wrong.
Result<std::unique_ptr<const RunPlan>> load_plan(const RunConfig& config,
                                                 const std::string& config_path,
                                                 Reuse reuse = Reuse::kAllowed);

/// What every crew is given of its configuration; who works is left to the caller.
CrewSetup crew_of(const RunConfig& config, std::shared_ptr<const RewardSpec> reward);

/// What every kind of run is given of its configuration.
PipelineSetup setup_of(const RunConfig& config, const std::vector<StageKind>& stages);

}  // namespace nelumbo
