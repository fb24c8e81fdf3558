// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/engine_ops.h"
#include "model/network.h"
#include "rollout/serving_engine.h"

namespace nelumbo {

/// Some rows of hidden states, in a result of their own.
EngineOps::Tensor gathered(EngineOps& ops, const EngineOps::Tensor& hidden,
                           std::span<const int64_t> rows);

/// The tokens of prompts whose log-probs a step is to tell.
class PromptScores {
 public:
  /// A token that is scored from the hidden state of the row before it.
  struct Asked {
    GroupId group{};
    int32_t token = 0;
    int64_t likeliest = 0;  ///< tokens to name beside it
    int64_t row = 0;        ///< of the step
  };

  void clear() { asked_.clear(); }
  void add(Asked asked) { asked_.push_back(asked); }
  /// Tells of each token that was asked for, in order, from the hidden states of the step; logits
  /// of 64 rows are held at once.
  void score(EngineOps& ops, const Network& network, const EngineOps::Tensor& hidden,
             std::vector<TokenNews>* news) const;

 private:
  std::vector<Asked> asked_;
};

}  // namespace nelumbo
