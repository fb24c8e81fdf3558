// SPDX-License-Identifier: Apache-2.0
//
// Rotary positions (Su et al., 2021): f_i = theta^(-2i/D), in fp32 as transformers rounds it.
// Scaled linearly (Chen et al., 2023): f_i / s. Scaled as Llama 3.1 is (Meta, 2024), with
// t = f_i P / 2 pi turns within the P positions of the first training:
//   t > high: f_i          t < low: f_i / s
//   between:  (1 - m) f_i / s + m f_i,   m = (t - low) / (high - low).
#include "model/rotary.h"

#include <cmath>
#include <numbers>

namespace nelumbo {
namespace {

double scaled(double frequency, const RopeScaling& scaling) {
  const double slow = frequency / scaling.factor;
  if (scaling.kind == RopeScaling::Kind::kLinear)
    return slow;
  const double turns =
      frequency * static_cast<double>(scaling.original_positions) / (2 * std::numbers::pi);
  if (turns > scaling.high)
    return frequency;
  if (turns < scaling.low)
    return slow;
  const double mix = (turns - scaling.low) / (scaling.high - scaling.low);
  return (1 - mix) * slow + mix * frequency;
}

}  // namespace

std::vector<float> rotary_frequencies(const DecoderConfig& config) {
  const auto theta = static_cast<double>(static_cast<float>(config.rope_theta));
  const auto d = static_cast<double>(config.head_size());
  std::vector<float> frequencies;
  for (int64_t i = 0; i < config.head_size() / 2; ++i) {
    const auto plain = static_cast<float>(1.0 / std::pow(theta, static_cast<double>(2 * i) / d));
    frequencies.push_back(config.rope_scaling
                              ? static_cast<float>(scaled(double{plain}, *config.rope_scaling))
                              : plain);
  }
  return frequencies;
}

Rotary decoder_rotary(const DecoderConfig& config) {
  Rotary rotary;
  rotary.frequencies = rotary_frequencies(config);
  rotary.axis_count = config.rope_axes();
  for (size_t axis = 0; axis < config.rope_sections.size(); ++axis)
    rotary.axes.insert(rotary.axes.end(), static_cast<size_t>(config.rope_sections[axis]),
                       static_cast<uint8_t>(axis));
  return rotary;
}

}  // namespace nelumbo
