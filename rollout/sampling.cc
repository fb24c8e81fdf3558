// SPDX-License-Identifier: Apache-2.0
#include "rollout/sampling.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/hash.h"
#include "base/rng.h"

// Inverse transform sampling: with p_v = exp(z_v / T - max) and S = sum p, the drawn token is the
// first v with p_0 + ... + p_v > u S. Sums are taken in double and in id order: another order could
// round another way at the border of two tokens.

namespace nelumbo {

double draw_number(uint64_t seed, const std::string& prompt_id, int32_t sample, int64_t token) {
  const uint64_t prompt = xxh3_64(std::as_bytes(std::span(prompt_id)));
  const auto place = static_cast<uint32_t>(sample) << 16 | static_cast<uint32_t>(token);
  return Random(seed, Purpose::kSample, prompt, place).uniform();
}

int32_t draw_token(std::span<const float> logits, double temperature, double u) {
  const auto likeliest = std::max_element(logits.begin(), logits.end());
  if (temperature == 0)
    return static_cast<int32_t>(likeliest - logits.begin());
  std::vector<double> cumulative(logits.size());
  double sum = 0;
  for (size_t v = 0; v < logits.size(); ++v) {
    sum +=
        std::exp((static_cast<double>(logits[v]) - static_cast<double>(*likeliest)) / temperature);
    cumulative[v] = sum;
  }
  const auto picked = std::upper_bound(cumulative.begin(), cumulative.end(), u * sum);
  const auto last = std::ssize(logits) - 1;
  return static_cast<int32_t>(std::min<std::ptrdiff_t>(picked - cumulative.begin(), last));
}

}  // namespace nelumbo
