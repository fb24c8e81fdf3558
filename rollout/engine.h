// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "model/weights.h"
#include "rollout/config.h"
#include "rollout/restriction.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// What a server wants besides: then log-probs are those of temperature 1.
struct ServedWishes {
  Restriction restriction;
  int64_t likeliest = 0;      ///< tokens to name in each place, with their log-probs
  bool score_prompt = false;  ///< tell the same of the prompt's tokens, from the second on
};

/// One prompt to be answered `samples` times. What is drawn depends only on (seed, prompt id,
/// sample, token index) and the weights: not on the other requests, the engine or the time.
struct GroupRequest {
  GroupId id{};
  std::shared_ptr<const Prompt> prompt;
  int32_t samples = 1;
  uint64_t seed = 0;
  Sampling sampling;
  std::optional<ServedWishes> wishes = std::nullopt;  ///< none in training
  /// Of each sample, which weights are to draw which token, as it was in a run that is repeated:
  /// each waits where others than the engine has are to go on. None: whatever the engine has.
  std::vector<AnswerVersions> versions = {};
};

/// Rows that an engine has sent through the network.
struct EngineWork {
  int64_t prompt_rows = 0;  ///< tokens of prompts, each once for all of its samples
  int64_t reused_rows = 0;  ///< tokens of prompts whose keys were still there: not sent
  int64_t answer_rows = 0;  ///< tokens of answers, those that were observed included
  int64_t put_back = 0;     ///< groups that gave way to older ones, whose rows are sent again
};

/// Answers prompts with the current weights. Owned by one thread.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Takes new weights. What is being drawn goes on with them from the next token: keys and values
  /// that are there are kept, and the trajectory says from which token on it has which version. A
  /// group whose keys are not all there, since its prompt is being read or it was put back, begins
  /// anew. So a trajectory depends on the request, the weights and its own swaps alone.
  virtual void load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) = 0;
  /// Queues a request, or says why it can never be served (longer than the model's positions).
  virtual Result<void> submit(GroupRequest request) = 0;
  /// Does one bounded piece of work (one batched forward pass) and returns the groups that it
  /// finished.
  virtual std::vector<Group> step() = 0;
  virtual bool idle() const = 0;
  /// All that it works on waits for other weights (GroupRequest::versions): a step does nothing.
  virtual bool waits() const { return false; }
  /// Since it was made.
  virtual EngineWork work() const = 0;
};

}  // namespace nelumbo
