// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace nelumbo {

/// The uniform number in [0, 1) behind one drawn token: a function of what is drawn alone, so that
/// a trace does not depend on batching, placement or time.
double draw_number(uint64_t seed, const std::string& prompt_id, int32_t sample, int64_t token);

/// The token that `u` picks from softmax(logits / temperature) by the inverse of its cumulative
/// distribution in id order; the likeliest token (lowest id on ties) when temperature is 0.
/// REQUIRES: logits not empty and finite.
int32_t draw_token(std::span<const float> logits, double temperature, double u);

}  // namespace nelumbo
