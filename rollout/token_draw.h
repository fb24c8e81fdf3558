// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/team.h"
#include "rollout/engine.h"
#include "rollout/serving_engine.h"

namespace nelumbo {

/// How one token is to be drawn.
struct DrawAsk {
  const Sampling* sampling = nullptr;
  const ServedWishes* wishes = nullptr;  ///< null in training
  double u = 0;                          ///< in [0, 1)
};

/// A drawn token. Its log-prob and the entropy are those of softmax(logits / temperature); with
/// wishes the log-prob is that of temperature 1, and `likeliest` are as many as wished.
struct DrawnToken {
  int32_t token = 0;
  float logprob = 0;
  float entropy = 0;
  std::vector<RankedToken> likeliest;
};

/// Draws one token for each row of logits. What is drawn for a row depends on that row alone.
std::vector<DrawnToken> draw_tokens(Team& team, const float* logits_MV, int64_t v,
                                    std::span<const DrawAsk> asks_M);

/// The log-probs of given tokens under softmax(logits), in the bits of `log_softmax_gather`, and
/// for each row as many of the likeliest tokens as `count_M` says, lower ids first on ties.
std::vector<DrawnToken> rank_tokens(Team& team, const float* logits_MV, int64_t v,
                                    std::span<const int32_t> tokens_M,
                                    std::span<const int64_t> count_M);

}  // namespace nelumbo
