// SPDX-License-Identifier: Apache-2.0
//
// Rotary positions of a head of D: the first D/4 pairs turn by the row, the others by the column,
// both at 10000^(-4i/D), i < D/4.
#include "model/window_tower.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace nelumbo {
namespace {

constexpr double kTheta = 10000;

Rotary rotary_of(const VisionConfig& config) {
  const int64_t d = config.hidden_size / config.heads;
  Rotary rotary;
  rotary.axis_count = 2;
  for (uint8_t axis = 0; axis < 2; ++axis)
    for (int64_t i = 0; i < d / 4; ++i) {
      rotary.frequencies.push_back(static_cast<float>(
          1.0 / std::pow(kTheta, static_cast<double>(4 * i) / static_cast<double>(d))));
      rotary.axes.push_back(axis);
    }
  return rotary;
}

WindowLayer make_layer(ParameterBuilder& b, const VisionConfig& c, int64_t index) {
  const std::string at = "visual.blocks." + std::to_string(index) + ".";
  const double gain = 1 / std::sqrt(2.0 * static_cast<double>(c.layers));
  const std::vector<int64_t>& whole = c.windows->whole_layers;
  WindowLayer layer;
  layer.reach = std::ranges::find(whole, index) == whole.end() ? Reach::kWindow : Reach::kPicture;
  layer.norm1 = b.ones(at + "norm1.weight", c.hidden_size);
  layer.norm2 = b.ones(at + "norm2.weight", c.hidden_size);
  layer.qkv = b.linear_with_bias(at + "attn.qkv", 3 * c.hidden_size, c.hidden_size);
  layer.out = b.linear_with_bias(at + "attn.proj", c.hidden_size, c.hidden_size, gain);
  layer.gate = b.linear_with_bias(at + "mlp.gate_proj", c.intermediate_size, c.hidden_size);
  layer.up = b.linear_with_bias(at + "mlp.up_proj", c.intermediate_size, c.hidden_size);
  layer.down = b.linear_with_bias(at + "mlp.down_proj", c.hidden_size, c.intermediate_size, gain);
  return layer;
}

}  // namespace

WindowTower make_window_tower(ParameterBuilder& builder, const ModelConfig& config) {
  const VisionConfig& c = config.vision;
  const int64_t joined = config.scale_factor * config.scale_factor * c.hidden_size;
  WindowTower tower;
  tower.rotary = rotary_of(c);
  tower.patch_embedding.weight = builder.add(
      "visual.patch_embed.proj.weight", {c.hidden_size, 3, c.frames(), c.patch_size, c.patch_size},
      0, 1 / std::sqrt(3.0 * static_cast<double>(patch_size(c))));
  for (int64_t i = 0; i < c.layers; ++i)
    tower.layers.push_back(make_layer(builder, c, i));
  tower.merge_norm = builder.ones("visual.merger.ln_q.weight", c.hidden_size);
  tower.merge1 = builder.linear_with_bias("visual.merger.mlp.0", joined, joined);
  tower.merge2 =
      builder.linear_with_bias("visual.merger.mlp.2", config.decoder.hidden_size, joined);
  return tower;
}

}  // namespace nelumbo
