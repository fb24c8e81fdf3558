// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/curated_cache.h"
#include "apps/text_tasks.h"
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
  std::optional<CuratedRun> curated;  ///< where curate is a stage
  TextTasks texts;                    ///< empty without it
  std::shared_ptr<const Dialogue> dialogue;
  Network network;
  std::shared_ptr<const RewardSpec> reward;
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<Team> team;
  std::shared_ptr<Team> learner_team;  ///< another one where learner and engines work at once
  std::vector<std::shared_ptr<const Prompt>> validation;  ///< about the val pictures, then of texts
  std::vector<std::shared_ptr<const Prompt>> blank;     ///< those about pictures, with none to see
  std::vector<std::shared_ptr<const Prompt>> shuffled;  ///< those with choices, in another order
};

/// Where a path of the configuration leads: as it stands, or, if nothing is there, from the parent
/// of the configuration's folder, so that configs/x.yaml works from any working directory.
std::string resolve_path(const std::string& path, const std::string& config_path);

/// Reads the reward specification of a run, which must pass its own tests, and whose judges must
/// pass theirs. kInvalidConfig where it is not there or malformed, kCheckFailed where a test does
/// not come out or a judge is refused, kEnvironment where a judge cannot be asked.
Result<std::shared_ptr<const RewardSpec>> read_reward(const RunConfig& config,
                                                      const std::string& config_path);

/// Trains the tokenizer of a run without texts. Deterministic.
Result<Tokenizer> new_tokenizer(const TokenizerConfig& config);

/// Reads the reward specification and every picture and annotation, trains the tokenizer, builds
/// the shape of the policy and checks that the data has each field that the specification names
/// and that the specification passes its own tests; curates, where that is a stage. Nothing is
/// written. Errors: kInvalidConfig
/// (shape, specification), kBadData (file and fix), kCheckFailed (its tests); a line for each thing
/// that is wrong, as far as one can be looked at without the other.
Result<std::shared_ptr<const Materials>> load_materials(const RunConfig& config,
                                                        const std::string& config_path,
                                                        Reuse reuse = Reuse::kAllowed);

}  // namespace nelumbo
