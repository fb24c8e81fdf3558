// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "apps/chat_model.h"
#include "apps/chat_rows.h"
#include "apps/evaluation_book.h"
#include "apps/model_source.h"
#include "apps/preference_rows.h"
#include "base/error.h"
#include "configs/run_config.h"
#include "kernels/team.h"
#include "reward/reward.h"
#include "rollout/environment.h"

namespace nelumbo {

/// Everything that a run on an open model reads before it does anything, checked. Never written
/// again, but for the team, which is safe to share.
struct ChatMaterials {
  RunConfig config;
  ChatModel model;
  ModelSource documents;                     ///< what stands beside trained weights
  std::shared_ptr<const RewardSpec> reward;  ///< none where no stage scores answers
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<Team> team;
  std::shared_ptr<Team> learner_team;      ///< another one where learner and engines work at once
  std::vector<ChatRow> train, validation;  ///< none where no stage needs them
  std::vector<ChatRow> test;               ///< none: the figures are those of validation
  PreferenceRows preferences;              ///< likewise
  std::string data_hash;  ///< of the weights, the tokenizer, and every row in tokens

  /// Every conversation, whatever it is for.
  std::array<const std::vector<ChatRow>*, 3> all_rows() const {
    return {&train, &validation, &test};
  }
};

/// Reads model, specification and conversations; renders every conversation. Errors: kInvalidConfig
/// (a path, the specification), kBadData (file, line and fix), kCheckFailed (the specification's
/// tests); a line for each thing that is wrong, as far as one can be looked at without the other.
Result<std::shared_ptr<const ChatMaterials>> load_chat_materials(const RunConfig& config,
                                                                 const std::string& config_path);

}  // namespace nelumbo
