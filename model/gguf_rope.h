// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/config.h"

namespace nelumbo {

/// What GGUF stores in place of the parameters of `rope_type` llama3, as `rope_freqs.weight`: by
/// how much each of the head_size / 2 frequencies theta^(-2i / head_size) is divided. REQUIRES:
/// kLlama3.
std::vector<float> llama3_divisors(const RopeScaling& scaling, double theta, int64_t head_size);

/// Parameters that give these divisors, or nothing when none do. They are not unique (only the
/// products of the divisors' ramp count), so those that models use are tried first.
/// `positions` is the longest context of the model.
std::optional<RopeScaling> llama3_scaling(std::span<const float> divisors, double theta,
                                          int64_t positions);

}  // namespace nelumbo
