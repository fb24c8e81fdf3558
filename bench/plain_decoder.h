// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "kernels/kernels.h"
#include "learner/torch_library.h"
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

/// An optimizer step of a Llama of that shape: mean next-token loss, backward, AdamW. Weights,
/// gradients and moments have the type. LibTorch has so many threads while the step exists.
using PlainStep = std::function<void()>(const ModelConfig& shape, Precision precision,
                                        const PlainLoad& load, int threads);
inline std::function<void()> plain_step(const ModelConfig& shape, Precision precision,
                                        const PlainLoad& load, int threads) {
  return torch_function<PlainStep*>("nelumbo_torch_plain_step")(shape, precision, load, threads);
}

/// Linear, log_softmax in fp32 and gather over x[rows, width] and w[vocabulary, width].
using PlainLogprobs = std::function<void()>(int64_t rows, int64_t width, int64_t vocabulary,
                                            Precision precision, int threads);
inline std::function<void()> plain_logprobs(int64_t rows, int64_t width, int64_t vocabulary,
                                            Precision precision, int threads) {
  const auto begin = torch_function<PlainLogprobs*>("nelumbo_torch_plain_logprobs");
  return begin(rows, width, vocabulary, precision, threads);
}

}  // namespace nelumbo
