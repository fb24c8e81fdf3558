// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/chat_model.h"
#include "base/error.h"
#include "configs/run_config.h"
#include "corpus/chat_data.h"
#include "corpus/prompt.h"
#include "corpus/training_group.h"
#include "model/chat_format.h"

namespace nelumbo {

/// One conversation, as it is asked and as it is trained on.
struct ChatRow {
  std::string id;
  std::shared_ptr<const Prompt> prompt;  ///< null where no stage asks
  TrainingGroup shown;                   ///< no item where no stage trains on demonstrations
};

/// The examples in the tokens of a model, each with what the stages of the run need of it. Pictures
/// are held in memory, each once. kBadData names the examples that lack something, that show what
/// cannot be seen, or that the chat template refuses; kInvalidConfig when the pictures take more
/// than half of the machine's memory.
Result<std::vector<ChatRow>> chat_rows(const RunConfig& config, const ChatModel& model,
                                       const ChatFormat& format, std::vector<ChatExample> examples);

}  // namespace nelumbo
