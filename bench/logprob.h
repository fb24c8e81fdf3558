// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bench/figure.h"
#include "kernels/kernels.h"

namespace nelumbo {

/// Rows of hidden states whose next tokens are given.
struct LogprobLoad {
  int64_t rows = 1024;
  int64_t width = 576;
  int64_t vocabulary = 49152;
};

/// Rows/s of the head that gives log-probs of given tokens, beside linear, log_softmax and gather
/// of LibTorch with as many threads, and the limit of arithmetic.
Figure measure_logprob(Team& team, const LogprobLoad& load, Precision precision, int64_t repeats);

}  // namespace nelumbo
