// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nelumbo {

/// What is added to the logit of a token.
struct TokenBias {
  int32_t token = 0;
  float bias = 0;
};

/// A part of the vocabulary that tokens are drawn from. For serving alone: the log-probs that a
/// learner compares are of the full softmax. `bias` is added to the logits first, then they are
/// divided by the temperature. Each limit is one on the whole softmax; what all of them keep is
/// kept.
struct Restriction {
  std::optional<int64_t> top_k;  ///< as many tokens
  double top_p = 1;              ///< as few as have this much probability together, one at least
  double min_p = 0;              ///< those that have this share of the likeliest one's probability
  std::vector<TokenBias> bias;

  /// Whether every token may be drawn as it stands.
  bool none() const { return !top_k && top_p >= 1 && min_p <= 0 && bias.empty(); }
};

/// Draws one token from the part of softmax(inverse_temperature * (logits + bias)) that is kept, by
/// inverse transform with u in [0, 1) over the kept tokens: from the likeliest on, lower ids first
/// on ties, or by ids without any limit. Without u it is the likeliest. REQUIRES: a token.
int32_t draw_restricted(std::span<const float> logits_V, const Restriction& restriction,
                        std::optional<double> u, double inverse_temperature);

}  // namespace nelumbo
