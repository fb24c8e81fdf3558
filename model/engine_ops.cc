// SPDX-License-Identifier: Apache-2.0
#include "model/engine_ops.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "model/forward.h"

namespace nelumbo {

int64_t block_floats(const Network& network) {
  return network.config.decoder.layers * key_block_size(decoder_attention_shape(network));
}

void EngineOps::begin(const EngineWeights& weights, const PagedRows* rows) {
  weights_ = &weights;
  rows_ = rows;
}

EngineOps::Tensor EngineOps::make(int64_t rows, int64_t cols) {
  const int64_t size = rows * cols;
  // Of the free buffers the smallest that is large enough, or else the largest, made larger.
  const auto rank = [size](const Buffer& b) {
    const bool fits = b.size() >= size;
    return std::pair(!fits, fits ? b.size() : -b.size());
  };
  std::shared_ptr<Buffer>* best = nullptr;
  for (auto& buffer : arena_)
    if (buffer.use_count() == 1 && (best == nullptr || rank(*buffer) < rank(**best)))
      best = &buffer;
  if (best == nullptr)
    best = &arena_.emplace_back(std::make_shared<Buffer>());
  if ((*best)->size() < size)
    **best = Buffer(size);
  return {(*best)->data(), rows, cols, *best};
}

EngineOps::Tensor EngineOps::linear(const Tensor& x, const LinearSlot& slot) {
  const PackedMatrix& w = weights_->matrix(slot.weight);
  Tensor y = make(x.rows, w.n);
  nelumbo::linear(team_, x.data, x.rows, w, slot.bias ? weights_->values(*slot.bias) : nullptr,
                  y.data);
  return y;
}

EngineOps::Tensor EngineOps::rms_norm(const Tensor& x, ParameterId weight, double eps) {
  Tensor y = make(x.rows, x.cols);
  nelumbo::rms_norm(team_, x.data, weights_->values(weight), x.rows, x.cols,
                    static_cast<float>(eps), y.data);
  return y;
}

EngineOps::Tensor EngineOps::head_norm(const Tensor& x, ParameterId weight, int64_t heads,
                                       double eps) {
  const Tensor each = rms_norm({x.data, x.rows * heads, x.cols / heads, x.memory}, weight, eps);
  return {each.data, x.rows, x.cols, each.memory};
}

EngineOps::Tensor EngineOps::layer_norm(const Tensor& x, const LayerNormSlot& slot, double eps) {
  Tensor y = make(x.rows, x.cols);
  nelumbo::layer_norm(team_, x.data, weights_->values(slot.weight), weights_->values(slot.bias),
                      x.rows, x.cols, static_cast<float>(eps), y.data);
  return y;
}

EngineOps::Tensor EngineOps::gelu(const Tensor& x) {
  Tensor y = make(x.rows, x.cols);
  nelumbo::gelu(team_, x.data, x.rows * x.cols, y.data);
  return y;
}

EngineOps::Tensor EngineOps::exact_gelu(const Tensor& x) {
  Tensor y = make(x.rows, x.cols);
  nelumbo::exact_gelu(team_, x.data, x.rows * x.cols, y.data);
  return y;
}

EngineOps::Tensor EngineOps::silu_mul(const Tensor& gate, const Tensor& up) {
  Tensor y = make(gate.rows, gate.cols);
  nelumbo::silu_mul(team_, gate.data, up.data, gate.rows * gate.cols, y.data);
  return y;
}

EngineOps::Tensor EngineOps::add(const Tensor& a, const Tensor& b) {
  Tensor y = make(a.rows, a.cols);
  nelumbo::add(team_, a.data, b.data, a.rows * a.cols, y.data);
  return y;
}

EngineOps::Tensor EngineOps::patches(std::span<const Pixels> pictures) {
  const VisionConfig& c = network_.config.vision;
  patches_ = patch_rows(network_.config, pictures);
  Tensor y = make(std::ssize(patches_.places), patch_size(c));
  fill_patches(team_, c, patches_, pictures, y.data);
  return y;
}

EngineOps::Tensor EngineOps::add_positions(const Tensor& x, ParameterId table) {
  const int64_t each = network_.config.vision.side() * network_.config.vision.side();
  Tensor y = make(x.rows, x.cols);
  for (int64_t row = 0; row < x.rows; row += each)
    nelumbo::add(team_, x.data + row * x.cols, weights_->values(table), each * x.cols,
                 y.data + row * x.cols);
  return y;
}

EngineOps::Tensor EngineOps::pixel_shuffle(const Tensor& x) {
  const int64_t side = network_.config.vision.side();
  const int64_t factor = network_.config.scale_factor;
  Tensor y = make(x.rows / (factor * factor), x.cols * factor * factor);
  for (int64_t row = 0; row < x.rows; row += side * side)
    nelumbo::pixel_shuffle(x.data + row * x.cols, side, x.cols, factor, y.data + row * x.cols);
  return y;
}

EngineOps::Tensor EngineOps::picture_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                               Reach reach) {
  const VisionConfig& c = network_.config.vision;
  Tensor y = make(q.rows, q.cols);
  Tensor lse = make(q.rows, c.heads);
  attention_packed(team_, vision_attention_shape(network_), q.data, k.data, v.data,
                   patches_.segments(reach), y.data, lse.data);
  return y;
}

EngineOps::Tensor EngineOps::third(const Tensor& x, int64_t i) {
  Tensor y = make(x.rows, x.cols / 3);
  for (int64_t row = 0; row < x.rows; ++row)
    std::copy_n(x.data + row * x.cols + i * y.cols, y.cols, y.data + row * y.cols);
  return y;
}

EngineOps::Tensor EngineOps::picture_rope(const Tensor& x) {
  nelumbo::rope(team_, x.data, patches_.positions.data(), x.rows, network_.config.vision.heads,
                network_.windows->rotary, +1);
  return x;
}

EngineOps::Tensor EngineOps::join_patches(const Tensor& x) {
  const int64_t joined = network_.config.scale_factor * network_.config.scale_factor;
  return {x.data, x.rows / joined, x.cols * joined, x.memory};
}

EngineOps::Tensor EngineOps::raster_order(const Tensor& x) {
  Tensor y = make(x.rows, x.cols);
  for (int64_t row = 0; row < x.rows; ++row)
    std::copy_n(x.data + patches_.order[static_cast<size_t>(row)] * x.cols, x.cols,
                y.data + row * x.cols);
  return y;
}

EngineOps::Tensor EngineOps::rope(const Tensor& x, int64_t heads) {
  nelumbo::rope(team_, x.data, rows_->places.data(), x.rows, heads, network_.rotary, +1);
  return x;
}

EngineOps::Tensor EngineOps::attention(int64_t layer, const Tensor& q, const Tensor& k,
                                       const Tensor& v) {
  const AttentionShape shape = decoder_attention_shape(network_);
  const int64_t offset = layer * key_block_size(shape);
  ranges_.clear();
  pointers_.clear();
  for (const auto& blocks : rows_->blocks)  // all pointers first: ranges_ point into pointers_
    for (const float* block : blocks)
      pointers_.push_back(block + offset);
  int64_t first = 0;
  for (int64_t row = 0; row < q.rows; ++row) {
    const auto blocks = rows_->blocks[static_cast<size_t>(row)];
    const int64_t position = rows_->positions[static_cast<size_t>(row)];
    ranges_.push_back({pointers_.data() + first, position + 1});
    first += std::ssize(blocks);
    store_key_value(shape, k.data + row * k.cols, v.data + row * v.cols, position % kKeyBlock,
                    blocks[static_cast<size_t>(position / kKeyBlock)] + offset);
  }
  Tensor y = make(q.rows, q.cols);
  attention_paged(team_, shape, q.data, q.rows, ranges_.data(), y.data);
  return y;
}

EngineOps::Tensor EngineOps::logits(const Tensor& x) {
  return linear(x, {network_.head, std::nullopt});
}

}  // namespace nelumbo
