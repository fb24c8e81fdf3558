// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "configs/run_config.h"
#include "corpus/bccd.h"
#include "corpus/dialogue.h"
#include "corpus/prompt.h"
#include "kernels/team.h"
#include "model/network.h"
#include "reward/reward.h"
#include "rollout/environment.h"

namespace nelumbo {

/// Everything that a run reads before it does anything, checked. Shared and never written again,
/// but for the team, which is safe to share.
struct Materials {
  RunConfig config;
  Bccd data;
  std::shared_ptr<const Dialogue> dialogue;
  Network network;
  std::shared_ptr<const RewardSpec> reward;
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<Team> team;
  std::vector<std::shared_ptr<const Prompt>> validation;  ///< all prompts about the val pictures
  std::vector<std::shared_ptr<const Prompt>> blank;       ///< the same with nothing to see
};

/// Where a path of the configuration leads: as it stands, or, if nothing is there, from the parent
/// of the configuration's folder, so that configs/x.yaml works from any working directory.
std::string resolve_path(const std::string& path, const std::string& config_path);

/// Trains the tokenizer of the smear recipe. Deterministic.
Result<Tokenizer> new_tokenizer(const TokenizerConfig& config);

/// Reads the reward specification and every picture and annotation, trains the tokenizer, builds
/// the shape of the policy and checks that the data has each field that the specification names
/// and that the specification passes its own tests. Nothing is written. Errors: kInvalidConfig
/// (shape, specification), kBadData (file and fix), kCheckFailed (its tests).
Result<std::shared_ptr<const Materials>> load_materials(const RunConfig& config,
                                                        const std::string& config_path);

/// The same around a policy that exists: its tokenizer and its shape instead of new ones.
struct ExistingPolicy {
  ModelConfig config;
  Tokenizer tokenizer;
};
Result<std::shared_ptr<const Materials>> load_materials(const RunConfig& config,
                                                        const std::string& config_path,
                                                        const ExistingPolicy& policy);

}  // namespace nelumbo
