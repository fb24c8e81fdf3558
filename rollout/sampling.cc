// SPDX-License-Identifier: Apache-2.0
#include "rollout/sampling.h"

#include <span>

#include "base/hash.h"
#include "base/rng.h"

namespace nelumbo {

double draw_number(uint64_t seed, const std::string& prompt_id, int32_t sample, int64_t token) {
  const uint64_t prompt = xxh3_64(std::as_bytes(std::span(prompt_id)));
  const auto place = static_cast<uint32_t>(sample) << 16 | static_cast<uint32_t>(token);
  return Random(seed, Purpose::kSample, prompt, place).uniform();
}

}  // namespace nelumbo
