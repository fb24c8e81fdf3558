// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/fields.h"

namespace nelumbo {

/// How answers are drawn. Temperature 0 takes the likeliest token (lowest id on ties).
struct Sampling {
  double temperature = 1;
  int64_t max_new_tokens = 64;
  int64_t max_turns = 4;
  bool tools = true;

  /// What the logits are multiplied by before log-probs are taken; greedy answers have those of
  /// temperature 1.
  float inverse_temperature() const {
    return temperature == 0 ? 1 : static_cast<float>(1 / temperature);
  }

  template <class V>
  void fields(V& v) {
    v(temperature, "temperature", "Divides the logits; 0 is greedy.", NonNegative{});
    v(max_new_tokens, "max_new_tokens", "Tokens drawn for one answer, all turns together.",
      Positive{});
    v(max_turns, "max_turns", "Turns of the policy in one answer; the last must be the answer.",
      Positive{});
    v(tools, "tools", "Let the policy call tools.");
  }
};

/// How one rollout engine works.
struct EngineConfig {
  int64_t max_batch = 128;
  int64_t prefill_tokens = 2048;
  int64_t key_blocks = 8192;
  int64_t prefix_blocks = 512;
  std::string products = "as_stored";

  template <class V>
  void fields(V& v) {
    v(max_batch, "max_batch", "Sequences that decode together.", Positive{});
    v(prefill_tokens, "prefill_tokens", "Prompt tokens computed in one engine step.", Positive{});
    v(key_blocks, "key_blocks", "Blocks of 16 positions for keys and values.", Positive{});
    v(prefix_blocks, "prefix_blocks",
      "Of these, blocks that stay for later prompts that begin alike; 0: none.", NonNegative{});
    v(products, "products",
      "What answers are drawn with: as_stored, the products that the learner computes, to its "
      "bits; "
      "int8, faster and close, for which rl.loss must weigh tokens by their ratio.",
      OneOf{"as_stored", "int8"});
  }
};

}  // namespace nelumbo
