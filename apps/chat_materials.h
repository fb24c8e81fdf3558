// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/chat_model.h"
#include "apps/evaluation_book.h"
#include "base/error.h"
#include "configs/run_config.h"
#include "corpus/chat_data.h"
#include "corpus/training_group.h"
#include "kernels/team.h"
#include "model/chat_format.h"
#include "reward/reward.h"
#include "rollout/environment.h"

namespace nelumbo {

/// One conversation, as it is asked and as it is trained on.
struct ChatRow {
  std::string id;
  std::shared_ptr<const Prompt> prompt;  ///< null where no stage asks
  TrainingGroup shown;                   ///< no item where no stage trains on demonstrations
};

/// Everything that a run on an open model reads before it does anything, checked. Never written
/// again, but for the team, which is safe to share.
struct ChatMaterials {
  RunConfig config;
  ChatModel model;
  std::shared_ptr<const RewardSpec> reward;
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<Team> team;
  std::vector<ChatRow> train, validation;
  std::string data_hash;  ///< of the weights, the tokenizer, and every row in tokens
};

/// Reads model, specification and conversations; renders every conversation. Errors: kInvalidConfig
/// (a path, the specification), kBadData (file, line and fix), kCheckFailed (the specification's
/// tests; a template that refuses a conversation).
Result<std::shared_ptr<const ChatMaterials>> load_chat_materials(const RunConfig& config,
                                                                 const std::string& config_path);

}  // namespace nelumbo
