// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/kernels.h"
#include "kernels/team.h"
#include "model/engine_weights.h"
#include "model/network.h"
#include "model/patch_rows.h"
#include "model/picture.h"

namespace nelumbo {

/// Where the rows of one engine step belong: M rows, each one position of one sequence.
struct PagedRows {
  std::vector<int32_t> positions;  ///< [M] among those of its sequence
  std::vector<int32_t> places;     ///< [M, axes] its rotary positions
  /// [M] the row's sequence: for each block of 16 positions the memory that holds all its layers
  std::vector<std::span<float* const>> blocks;
};

/// The network's ops on raw buffers: no gradients, keys and values in blocks. A result's memory is
/// used again once the last tensor that holds it is gone, so a step allocates nothing once warm and
/// what it writes stays in the caches.
class EngineOps {
 public:
  struct Tensor {
    float* data = nullptr;
    int64_t rows = 0;
    int64_t cols = 0;
    std::shared_ptr<const Buffer> memory;  ///< what holds `data`
  };

  EngineOps(const Network& network, Team& team) : network_(network), team_(team) {}

  /// The weights and the rows of the calls that follow; both must outlive them.
  void begin(const EngineWeights& weights, const PagedRows* rows);

  Tensor make(int64_t rows, int64_t cols);
  Tensor linear(const Tensor& x, const LinearSlot& slot);
  Tensor rms_norm(const Tensor& x, ParameterId weight, double eps);
  Tensor head_norm(const Tensor& x, ParameterId weight, int64_t heads, double eps);
  Tensor layer_norm(const Tensor& x, const LayerNormSlot& slot, double eps);
  Tensor gelu(const Tensor& x);
  Tensor exact_gelu(const Tensor& x);
  Tensor silu_mul(const Tensor& gate, const Tensor& up);
  Tensor add(const Tensor& a, const Tensor& b);
  /// Begins a pass over the vision tower: the ops on rows of patches that follow are of these.
  Tensor patches(std::span<const Pixels> pictures);
  Tensor add_positions(const Tensor& x, ParameterId table);
  Tensor pixel_shuffle(const Tensor& x);
  Tensor picture_attention(const Tensor& q, const Tensor& k, const Tensor& v, Reach reach);
  Tensor third(const Tensor& x, int64_t i);
  Tensor picture_rope(const Tensor& x);
  Tensor join_patches(const Tensor& x);
  Tensor raster_order(const Tensor& x);
  Tensor rope(const Tensor& x, int64_t heads);
  Tensor attention(int64_t layer, const Tensor& q, const Tensor& k, const Tensor& v);
  /// Logits of final hidden rows.
  Tensor logits(const Tensor& x);

  Team& team() { return team_; }

 private:
  const Network& network_;
  Team& team_;
  const EngineWeights* weights_ = nullptr;
  const PagedRows* rows_ = nullptr;
  PatchRows patches_;
  std::vector<std::shared_ptr<Buffer>> arena_;  ///< of results; free where nothing else holds it
  std::vector<const float*> pointers_;
  std::vector<KeyRange> ranges_;
};

/// How many floats, or what takes as many bytes, one block of 16 positions takes in all layers.
int64_t block_floats(const Network& network);

}  // namespace nelumbo
