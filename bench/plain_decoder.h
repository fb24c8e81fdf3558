// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernels.h"
#include "model/config.h"

namespace nelumbo {

// What benchmarks are compared with: the same work in LibTorch's own operations, fp32 or bf16, as
// its users write it.

/// Sequences that are all equally long, and the last tokens of each that are trained.
struct PlainLoad {
  int64_t sequences = 64;
  int64_t length = 256;
  int64_t trained = 128;
  int64_t rows = 4096;  ///< of one micro-batch
};

/// Seconds of an optimizer step of a Llama of that shape, the median of `repeats`: mean next-token
/// loss, backward, AdamW. Weights, gradients and moments have the type.
double plain_step_seconds(const ModelConfig& shape, Precision precision, const PlainLoad& load,
                          int threads, int64_t repeats);

/// Seconds of linear, log_softmax in fp32 and gather over x[rows, width] and w[vocabulary, width].
double plain_logprob_seconds(int64_t rows, int64_t width, int64_t vocabulary, Precision precision,
                             int threads, int64_t repeats);

}  // namespace nelumbo
