// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/limits.h"
#include "corpus/training_group.h"
#include "model/network.h"
#include "rollout/environment.h"

namespace nelumbo {

// What benchmarks of engine and learner work on: shapes of real models, with weights and tokens
// that are drawn, since speed depends on neither.

/// SmolLM2-135M, as its config.json says.
ModelConfig smollm2_shape();

/// Untrained weights that the network's type can store.
std::shared_ptr<const WeightSet> drawn_weights(const Network& network);

/// What a token of that decoder costs.
DecoderCost cost_of(const Network& network);

/// `count` tokens of the vocabulary.
std::vector<int32_t> drawn_tokens(const Network& network, int64_t count, uint64_t seed);

/// Prompts of `prompt` tokens with `answers` each, of `length` trained tokens.
std::vector<TrainingGroup> drawn_groups(const Network& network, int64_t prompts, int64_t prompt,
                                        int64_t answers, int64_t length);

/// Answers that end only when all their tokens are drawn, and are not read.
class Endless : public Environment {
 public:
  State start(const Prompt& prompt) const override;
  bool ends_turn(int32_t token) const override;
  std::variant<Observation, Finish> after_turn(const Prompt& prompt, const Trajectory& trajectory,
                                               const Sampling& sampling,
                                               State* state) const override;
  void finish(const Prompt& prompt, State state, Trajectory* trajectory) const override;
  int64_t longest_observation() const override { return 0; }
};

}  // namespace nelumbo
