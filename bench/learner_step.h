// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bench/figure.h"
#include "kernels/team.h"
#include "model/config.h"

namespace nelumbo {

/// Prompts and answers of one optimizer step.
struct LearnerLoad {
  int64_t prompts = 8;
  int64_t prompt = 128;
  int64_t answers = 8;
  int64_t answer = 64;
};

/// Tokens/s of the learner's optimizer step in bf16, beside fp32 and the limit of arithmetic: 6
/// operations for each parameter and token, the head's for answers alone.
Figure measure_learner_step(Team& team, const ModelConfig& shape, const LearnerLoad& load,
                            int64_t repeats);

}  // namespace nelumbo
