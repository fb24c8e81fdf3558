// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kernels/kernels.h"
#include "model/config.h"

namespace nelumbo {

/// What a decoder's rotary positions turn by, in radians for each position: one frequency for each
/// pair of a head, scaled as `config.rope_scaling` says.
std::vector<float> rotary_frequencies(const DecoderConfig& config);

/// The same, with the axis that each pair follows: `config.rope_sections` one behind the other.
Rotary decoder_rotary(const DecoderConfig& config);

}  // namespace nelumbo
