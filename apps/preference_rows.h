// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/pipeline.h"
#include "apps/chat_model.h"
#include "base/error.h"
#include "configs/run_config.h"
#include "corpus/training_group.h"
#include "model/chat_format.h"

namespace nelumbo {

/// A pair of answers in the tokens of a model.
struct PreferenceRow {
  std::string id;
  TrainingGroup pair;  ///< two items, the better one first, trained where the answers are
  double margin = 0;
};

/// What the stages dpo and reward_model learn from; none trains on what is held out.
struct PreferenceRows {
  std::vector<PreferenceRow> train, validation;
};

/// Reads the pairs that `config.preferences` names; nothing where no stage needs them. Errors:
/// kInvalidConfig (a path, a count), kBadData (file, line and fix), a line for each thing that is
/// wrong; a pair that is longer than the model's positions is such a thing.
Result<PreferenceRows> load_preferences(const RunConfig& config, const std::string& config_path,
                                        const ChatModel& model, const ChatFormat& format);

/// The rows as a stage learns from them: dpo from all tokens of the answers, reward_model from the
/// last of each.
PreferencePairs pairs_of_stage(StageKind stage, const PreferenceRows& rows);

/// The hash of everything in the rows.
std::string preferences_hash(const PreferenceRows& rows);

}  // namespace nelumbo
