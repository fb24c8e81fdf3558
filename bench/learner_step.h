// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bench/figure.h"
#include "kernels/team.h"
#include "model/config.h"
#include "model/stored_type.h"

namespace nelumbo {

/// Prompts of one optimizer step and their answers, which are trained.
struct LearnerLoad {
  int64_t prompts = 64;
  int64_t prompt = 128;
  int64_t answers = 1;  ///< to each prompt
  int64_t answer = 128;
  int64_t rows = 4096;  ///< of one micro-batch
};

/// Tokens/s of the learner's optimizer step, which computes a prompt once for all of its answers,
/// beside the same decoder in LibTorch's own operations, which repeats it for each; tokens are
/// counted with the repeats on both sides. The limit is that of arithmetic: 6 operations for each
/// parameter and token that the learner computes, the head's for answers alone.
Figure measure_learner_step(Team& team, const ModelConfig& shape, const LearnerLoad& load,
                            StoredType type, int64_t repeats);

}  // namespace nelumbo
