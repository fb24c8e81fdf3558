// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bench/figure.h"
#include "kernels/team.h"
#include "model/engine_weights.h"
#include "model/network.h"

namespace nelumbo {

/// A policy as an engine serves it.
struct ServedPolicy {
  const Network* network = nullptr;
  std::shared_ptr<const EngineWeights> weights;
};

/// What is drawn: so many answers to each prompt, of as many tokens.
struct DivergenceLoad {
  int32_t samples = 4;
  int64_t answer = 64;
};

/// Tokens/s of `own` beside those of `anchor`, which has the same weights in other products, and
/// how far apart the two are on what `own` draws at temperature 1: `kl` estimates KL(own || anchor)
/// of a token, `kl_error` is its standard error, `logprob_abs_max` the largest difference.
Figure measure_divergence(Team& team, const ServedPolicy& own, const ServedPolicy& anchor,
                          std::span<const std::vector<int32_t>> prompts, const DivergenceLoad& load,
                          int64_t repeats);

}  // namespace nelumbo
