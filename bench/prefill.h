// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bench/figure.h"
#include "kernels/team.h"
#include "model/config.h"

namespace nelumbo {

/// Prompt tokens/s of the rollout engine in bf16, up to the first token of the answer, beside the
/// same engine in fp32 and the limit of arithmetic: 2 operations for each parameter of the layers
/// and token, and those of attention; the head's for the last token alone.
Figure measure_prefill(Team& team, const ModelConfig& shape, int64_t prompt, int64_t repeats);

}  // namespace nelumbo
