// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/window_tower.h"

// The vision tower with windows, for both executors: see model/forward.h.

namespace nelumbo {

template <class Ops>
typename Ops::Tensor window_layer(Ops& ops, const WindowLayer& w, double eps,
                                  typename Ops::Tensor x) {
  auto h = ops.linear(ops.rms_norm(x, w.norm1, eps), w.qkv);
  auto a = ops.picture_attention(ops.picture_rope(ops.third(h, 0)),
                                 ops.picture_rope(ops.third(h, 1)), ops.third(h, 2), w.reach);
  x = ops.add(x, ops.linear(a, w.out));
  h = ops.rms_norm(x, w.norm2, eps);
  auto m = ops.silu_mul(ops.linear(h, w.gate), ops.linear(h, w.up));
  return ops.add(x, ops.linear(m, w.down));
}

/// Behind the layers.
template <class Ops>
typename Ops::Tensor window_tokens(Ops& ops, const WindowTower& tower, double eps,
                                   typename Ops::Tensor x) {
  x = ops.join_patches(ops.rms_norm(x, tower.merge_norm, eps));
  x = ops.linear(ops.exact_gelu(ops.linear(x, tower.merge1)), tower.merge2);
  return ops.raster_order(x);
}

}  // namespace nelumbo
