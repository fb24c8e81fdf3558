// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kernels/kernels.h"
#include "model/config.h"
#include "model/parameters.h"
#include "model/patch_rows.h"

namespace nelumbo {

struct WindowLayer {
  Reach reach = Reach::kWindow;
  ParameterId norm1 = 0, norm2 = 0;
  LinearSlot qkv, out, gate, up, down;
};

/// The vision tower of Qwen2.5-VL (Bai et al., 2025): which parameter stands where, and what its
/// rotary positions turn by.
struct WindowTower {
  LinearSlot patch_embedding;
  std::vector<WindowLayer> layers;
  ParameterId merge_norm = 0;
  LinearSlot merge1, merge2;  ///< make one token of scale_factor^2 patches
  Rotary rotary;              ///< axis 0 rows, axis 1 columns
};

/// REQUIRES: a validated configuration whose vision tower has windows.
WindowTower make_window_tower(ParameterBuilder& builder, const ModelConfig& config);

}  // namespace nelumbo
