// SPDX-License-Identifier: Apache-2.0
//
// Kept tokens are a beginning of the vocabulary in the order of falling logits. The beginning is
// sorted only as far as it is needed: first kFirstSorted tokens, then twice as many, until a limit
// ends it. The sum over all tokens, which top_p is a share of, needs no order.
#include "rollout/restriction.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace nelumbo {
namespace {

constexpr int64_t kFirstSorted = 64;

struct Kept {
  std::vector<int32_t> tokens;
  std::vector<double> weights;  ///< exp(z - the largest z)
  double sum = 0;               ///< of the weights
};

/// Gives tokens in falling order of their logits, lower ids first.
class FallingTokens {
 public:
  explicit FallingTokens(const std::vector<float>& logits) : logits_(logits), ids_(logits.size()) {
    std::iota(ids_.begin(), ids_.end(), 0);
  }

  int32_t at(int64_t place) {
    while (place >= sorted_)
      sort_more();
    return ids_[static_cast<size_t>(place)];
  }

 private:
  void sort_more() {
    const int64_t end = std::min(std::max(2 * sorted_, kFirstSorted), std::ssize(ids_));
    const auto before = [&](int32_t a, int32_t b) {
      const float x = logits_[static_cast<size_t>(a)];
      const float y = logits_[static_cast<size_t>(b)];
      return x != y ? x > y : a < b;
    };
    if (end < std::ssize(ids_))
      std::nth_element(ids_.begin() + sorted_, ids_.begin() + end, ids_.end(), before);
    std::sort(ids_.begin() + sorted_, ids_.begin() + end, before);
    sorted_ = end;
  }

  const std::vector<float>& logits_;
  std::vector<int32_t> ids_;
  int64_t sorted_ = 0;
};

std::vector<float> biased(std::span<const float> logits, const std::vector<TokenBias>& biases) {
  std::vector<float> out(logits.begin(), logits.end());
  for (float& logit : out)
    logit = std::isnan(logit) ? -INFINITY : logit;
  for (const TokenBias& bias : biases) {
    NELUMBO_CHECK(bias.token >= 0 && bias.token < std::ssize(out)) << "no token " << bias.token;
    out[static_cast<size_t>(bias.token)] += bias.bias;
  }
  return out;
}

/// Exp(z - the largest z) of a token.
class Weights {
 public:
  Weights(const std::vector<float>& logits, double inverse_temperature)
      : logits_(logits),
        top_(static_cast<double>(std::ranges::max(logits))),
        inverse_temperature_(inverse_temperature) {}

  double of(int32_t token) const {
    const auto z = static_cast<double>(logits_[static_cast<size_t>(token)]);
    return z == top_ ? 1.0 : std::exp((z - top_) * inverse_temperature_);
  }

 private:
  const std::vector<float>& logits_;
  double top_;
  double inverse_temperature_;
};

/// Every token, in the order of ids: nothing needs to be sorted.
Kept all_of(const std::vector<float>& logits, const Weights& weights) {
  Kept kept;
  for (int32_t token = 0; token < std::ssize(logits); ++token) {
    kept.tokens.push_back(token);
    kept.weights.push_back(weights.of(token));
    kept.sum += kept.weights.back();
  }
  return kept;
}

Kept kept_of(const std::vector<float>& logits, const Restriction& restriction,
             double inverse_temperature) {
  const Weights weights(logits, inverse_temperature);
  if (!restriction.top_k && restriction.top_p >= 1 && restriction.min_p <= 0)
    return all_of(logits, weights);
  FallingTokens falling(logits);
  const int64_t most = std::min(restriction.top_k.value_or(std::ssize(logits)), std::ssize(logits));
  double all = 0;
  if (restriction.top_p < 1)
    for (int64_t i = 0; i < std::ssize(logits); ++i)
      all += weights.of(static_cast<int32_t>(i));
  Kept kept;
  for (int64_t i = 0; i < most; ++i) {
    const int32_t token = falling.at(i);
    const double w = weights.of(token);
    const bool enough = restriction.top_p < 1 && kept.sum >= restriction.top_p * all;
    if (i > 0 && (enough || w < restriction.min_p))
      break;
    kept.tokens.push_back(token);
    kept.weights.push_back(w);
    kept.sum += w;
  }
  return kept;
}

}  // namespace

int32_t draw_restricted(std::span<const float> logits_V, const Restriction& restriction,
                        std::optional<double> u, double inverse_temperature) {
  NELUMBO_CHECK(!logits_V.empty()) << "no token to draw";
  const std::vector<float> logits = biased(logits_V, restriction.bias);
  if (!u)
    return static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin());
  const Kept kept = kept_of(logits, restriction, inverse_temperature);
  const double reach = *u * kept.sum;
  double sum = 0;
  for (size_t i = 0; i < kept.tokens.size(); ++i) {
    sum += kept.weights[i];
    if (sum > reach)
      return kept.tokens[i];
  }
  return kept.tokens.back();
}

}  // namespace nelumbo
