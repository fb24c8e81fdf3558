// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "apps/chat_model.h"
#include "base/error.h"
#include "corpus/chat_data.h"
#include "corpus/training_group.h"
#include "model/chat_format.h"

namespace nelumbo {

/// How a model reads examples: what `nelumbo data inspect` shows is what a run asks and trains on.
/// Both must outlive it.
class ChatReader {
 public:
  ChatReader(const ChatModel& model, const ChatFormat& format) : model_(model), format_(format) {}

  /// What is asked. `images`: those of the example, as the model sees them. kBadData or
  /// kCheckFailed say why the model cannot be asked so.
  Result<std::vector<int32_t>> asked(const ChatExample& example, const ShownImages& images) const;

  /// The example with its demonstration, trained where the assistant speaks, each answer once: one
  /// item, or more where the chat template writes earlier messages in another way once later ones
  /// follow. REQUIRES: there is a demonstration.
  Result<TrainingGroup> shown(const ChatExample& example, const ShownImages& images) const;

  /// Both answers of a pair behind what they have in common before the first of their tokens: two
  /// items, trained where the last answer is. REQUIRES: both have a demonstration.
  Result<TrainingGroup> pair(const ChatExample& chosen, const ChatExample& rejected,
                             const ShownImages& images) const;

 private:
  Result<TrainingGroup> group_of(const std::vector<ChatTokens>& parts,
                                 const ShownImages& images) const;
  Result<ChatTokens> last_part(const ChatExample& example, const ShownImages& images) const;

  const ChatModel& model_;
  const ChatFormat& format_;
};

/// Tokens of the longest sequence in a group.
int64_t longest_in(const TrainingGroup& group);

}  // namespace nelumbo
