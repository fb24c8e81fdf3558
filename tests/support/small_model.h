// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/config.h"

namespace nelumbo {

/// A vision-language model whose parameters can be gone through one by one.
inline ModelConfig small_model() {
  ModelConfig config;
  config.vision = {.image_size = 16,
                   .patch_size = 4,
                   .hidden_size = 8,
                   .intermediate_size = 16,
                   .layers = 2,
                   .heads = 2};
  config.decoder.vocab_size = 32;
  config.decoder.hidden_size = 16;
  config.decoder.intermediate_size = 24;
  config.decoder.layers = 2;
  config.decoder.heads = 2;
  config.decoder.kv_heads = 1;
  return config;
}

}  // namespace nelumbo
