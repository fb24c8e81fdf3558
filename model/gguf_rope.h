// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nelumbo {

/// The parameters of `rope_type` llama3 in config.json.
struct Llama3Scaling {
  double factor = 8;
  double low_freq_factor = 1;
  double high_freq_factor = 4;
  double original_positions = 8192;  ///< original_max_position_embeddings
};

/// What GGUF stores in their place, as `rope_freqs.weight`: by how much each of the head_size / 2
/// frequencies theta^(-2i / head_size) is divided.
std::vector<float> llama3_divisors(const Llama3Scaling& scaling, double theta, int64_t head_size);

/// Parameters that give these divisors, or nothing when none do. They are not unique (only the
/// products of the divisors' ramp count), so those that models use are tried first.
/// `positions` is the longest context of the model.
std::optional<Llama3Scaling> llama3_scaling(std::span<const float> divisors, double theta,
                                            double positions);

}  // namespace nelumbo
