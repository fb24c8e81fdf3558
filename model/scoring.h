// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/team.h"
#include "model/engine_ops.h"
#include "model/network.h"
#include "model/picture.h"

namespace nelumbo {

/// What a policy thinks of given tokens: the log-prob of each behind those before it, one fewer
/// than tokens. Equal in bits to what the rollout engine gives when it draws the same tokens.
/// Memory beside the weights: keys and values of the whole sequence, logits of no more than 64
/// rows. `pictures`: one for each run of image placeholders among the tokens.
/// REQUIRES: at least one token, each below the vocabulary, no more than max_positions; as many
/// placeholders as the pictures have tokens.
std::vector<float> score_tokens(const Network& network, const EngineWeights& weights, Team& team,
                                std::span<const int32_t> tokens,
                                std::span<const Pixels> pictures = {});

/// The log-prob of each of `candidates` as the one token behind all of `tokens`, which have no
/// pictures: in the bits that score_tokens() gives for it there.
/// REQUIRES: at least one token and one candidate, each below the vocabulary; fewer tokens than
/// max_positions.
std::vector<float> next_logprobs(const Network& network, const EngineWeights& weights, Team& team,
                                 std::span<const int32_t> tokens,
                                 std::span<const int32_t> candidates);

/// What a score model says of each of the tokens, given those before it. Equal in bits to what the
/// learner trains. Otherwise as above; as many scores as tokens.
std::vector<float> score_with_head(const Network& network, const LinearSlot& score,
                                   const EngineWeights& weights, Team& team,
                                   std::span<const int32_t> tokens,
                                   std::span<const Pixels> pictures = {});

}  // namespace nelumbo
