// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/synthetic.h"

namespace nelumbo {

/// SmolLM2's shape, but for two layers and a vocabulary of 512.
inline ModelConfig tiny_shape() {
  ModelConfig shape = smollm2_shape();
  shape.decoder.layers = 2;
  shape.decoder.vocab_size = 512;
  return shape;
}

}  // namespace nelumbo
