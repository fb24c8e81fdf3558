// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "kernels/kernels.h"
#include "model/network.h"
#include "model/picture.h"
#include "model/window_forward.h"

// The network, once, for both of its executors: EngineOps (model/engine_ops.h: raw buffers, keys
// and values in blocks) and TrainOps (learner/train_ops.h: LibTorch tensors that remember how to
// differentiate). The templates hold no arithmetic, only calls of ops; both executors' forward
// passes call the same kernels, so both compute the same bits.
//
// What an Ops class must have (Tensor holds fp32 rows):
//   Tensor linear(Tensor x, LinearSlot)
//   Tensor rms_norm(Tensor x, ParameterId weight, double eps)
//   Tensor head_norm(Tensor x, ParameterId weight, int64_t heads, double eps)   of each head
//   Tensor layer_norm(Tensor x, LayerNormSlot, double eps)
//   Tensor gelu(Tensor x)       Tensor exact_gelu(Tensor x)
//   Tensor silu_mul(Tensor gate, Tensor up)       Tensor add(Tensor, Tensor)
//   Tensor patches(pictures)    rows of all patches, in the order of model/patch_rows.h
//   Tensor add_positions(Tensor x, ParameterId)   the same table added to every picture's rows
//   Tensor pixel_shuffle(Tensor x)
//   Tensor picture_attention(Tensor q, Tensor k, Tensor v, Reach)
//   Tensor rope(Tensor x, int64_t heads)          at the positions of the executor's rows
//   Tensor attention(int64_t layer, Tensor q, Tensor k, Tensor v)   causal, over rows' sequences
// and for a tower with windows
//   Tensor third(Tensor x, int64_t i)             the i-th third of each row
//   Tensor picture_rope(Tensor x)                 at the places of the patches
//   Tensor join_patches(Tensor x)                 one row of all patches of a token
//   Tensor raster_order(Tensor x)                 rows of tokens, in raster order again

namespace nelumbo {

inline AttentionShape vision_attention_shape(const Network& net) {
  const VisionConfig& c = net.config.vision;
  const int64_t d = c.hidden_size / c.heads;
  return {c.heads, c.heads, d, 1.0F / std::sqrt(static_cast<float>(d)), precision_of(net.type)};
}

inline AttentionShape decoder_attention_shape(const Network& net) {
  const DecoderConfig& c = net.config.decoder;
  return {c.heads, c.kv_heads, c.head_size(), 1.0F / std::sqrt(static_cast<float>(c.head_size())),
          precision_of(net.type)};
}

template <class Ops>
typename Ops::Tensor vision_layer(Ops& ops, const VisionLayer& w, double eps,
                                  typename Ops::Tensor x) {
  auto h = ops.layer_norm(x, w.norm1, eps);
  auto a = ops.picture_attention(ops.linear(h, w.q), ops.linear(h, w.k), ops.linear(h, w.v),
                                 Reach::kPicture);
  x = ops.add(x, ops.linear(a, w.out));
  h = ops.layer_norm(x, w.norm2, eps);
  return ops.add(x, ops.linear(ops.gelu(ops.linear(h, w.fc1)), w.fc2));
}

/// The layers of the vision tower.
inline int64_t picture_layers(const Network& net) {
  return net.windows ? std::ssize(net.windows->layers) : std::ssize(net.vision);
}

/// The rows of all patches, ahead of the tower's layers.
template <class Ops>
typename Ops::Tensor picture_rows(Ops& ops, const Network& net, std::span<const Pixels> pictures) {
  if (net.windows)
    return ops.linear(ops.patches(pictures), net.windows->patch_embedding);
  auto x = ops.linear(ops.patches(pictures), net.patch_embedding);
  return ops.add_positions(x, net.position_embedding);
}

template <class Ops>
typename Ops::Tensor picture_layer(Ops& ops, const Network& net, int64_t index,
                                   typename Ops::Tensor x) {
  const double eps = net.config.vision.layer_norm_eps;
  const auto i = static_cast<size_t>(index);
  return net.windows ? window_layer(ops, net.windows->layers[i], eps, x)
                     : vision_layer(ops, net.vision[i], eps, x);
}

/// From behind the tower's layers to what stands in for image tokens.
template <class Ops>
typename Ops::Tensor picture_tokens(Ops& ops, const Network& net, typename Ops::Tensor x) {
  const double eps = net.config.vision.layer_norm_eps;
  if (net.windows)
    return window_tokens(ops, *net.windows, eps, x);
  x = ops.layer_norm(x, net.vision_norm, eps);
  return ops.linear(ops.pixel_shuffle(x), net.connector);
}

/// What stands in for the image tokens of some pictures: [their tokens, hidden], one picture's
/// behind the other's.
template <class Ops>
typename Ops::Tensor image_features(Ops& ops, const Network& net,
                                    std::span<const Pixels> pictures) {
  auto x = picture_rows(ops, net, pictures);
  for (int64_t i = 0; i < picture_layers(net); ++i)
    x = picture_layer(ops, net, i, x);
  return picture_tokens(ops, net, x);
}

template <class Ops>
typename Ops::Tensor decoder_layer(Ops& ops, const DecoderConfig& c, const DecoderLayer& w,
                                   int64_t index, typename Ops::Tensor x) {
  auto h = ops.rms_norm(x, w.input_norm, c.rms_norm_eps);
  auto q = ops.linear(h, w.q);
  auto k = ops.linear(h, w.k);
  if (w.q_norm) {
    q = ops.head_norm(q, *w.q_norm, c.heads, c.rms_norm_eps);
    k = ops.head_norm(k, *w.k_norm, c.kv_heads, c.rms_norm_eps);
  }
  q = ops.rope(q, c.heads);
  k = ops.rope(k, c.kv_heads);
  auto a = ops.attention(index, q, k, ops.linear(h, w.v));
  x = ops.add(x, ops.linear(a, w.o));
  h = ops.rms_norm(x, w.post_norm, c.rms_norm_eps);
  auto m = ops.silu_mul(ops.linear(h, w.gate), ops.linear(h, w.up));
  return ops.add(x, ops.linear(m, w.down));
}

/// Hidden states behind the last layer, before the final norm. Rows that predict nothing need no
/// final norm, so the caller picks rows first and then calls `final_hidden`.
template <class Ops>
typename Ops::Tensor decoder_hidden(Ops& ops, const Network& net, typename Ops::Tensor x) {
  int64_t index = 0;
  for (const DecoderLayer& layer : net.decoder)
    x = decoder_layer(ops, net.config.decoder, layer, index++, x);
  return x;
}

template <class Ops>
typename Ops::Tensor final_hidden(Ops& ops, const Network& net, typename Ops::Tensor rows) {
  return ops.rms_norm(rows, net.final_norm, net.config.decoder.rms_norm_eps);
}

}  // namespace nelumbo
