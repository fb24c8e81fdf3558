// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bench/figure.h"
#include "kernels/team.h"
#include "model/config.h"

namespace nelumbo {

/// Groups of answers whose lengths are log-normal: e^(mu + sigma z), of a median e^mu.
struct ScheduleLoad {
  int64_t groups = 32;
  int64_t samples = 8;  ///< of each group
  int64_t running = 32;
  int64_t prompt = 128;
  double median = 48;  ///< tokens of an answer
  double sigma = 0.6;
  int64_t longest = 256;
};

/// Tokens/s of answers that the rollout engine draws in bf16 with at most `running` sequences at a
/// time, beside the same prompts with as many tokens in answers that are all equally long, so that
/// no sequence ever waits for another. `prompt_rows` of the details beside `prompt_tokens` says how
/// often prompts were computed.
Figure measure_schedule(Team& team, const ModelConfig& shape, const ScheduleLoad& load,
                        int64_t repeats);

}  // namespace nelumbo
