// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Attention with a running maximum and sum (Milakov and Gimelshein, 2018), 16 keys at a time. For
// one query, over the blocks of its keys in position order:
//   s_j = scale sum_f q_f k_jf      fma over f in order; 16 keys side by side
//   t = max(top, max s), c = exp(top - t), p_j = exp(s_j - t)
//   total_j = c total_j + p_j       16 partial sums, joined at the end
//   out_f = c out_f + sum_j p_j v_jf    fma over j in order
// Several queries go through together, to hide latency and, while they read the same block, to
// share loads; nothing of one enters the arithmetic of another. Keys past a query's range are never
// multiplied, whatever they hold.

namespace nelumbo {

/// REQUIRES: each lane has a key.
template <class V, int kCount>
class Attention {
 public:
  Attention(const AttentionLane* lanes, int64_t d, float scale)
      : lanes_(lanes), d_(d), scale_(scale) {
    for (int l = 0; l < kCount; ++l) {
      longest_ = lanes[l].keys > lanes[longest_].keys ? l : longest_;
      one_head_ = one_head_ && lanes[l].offset == lanes[0].offset;
      top_[l] = -__builtin_inff();
      total_[l] = V::zero();
      for (int64_t f = 0; f < d; f += kLanes)
        V::zero().store(out_[l] + f);
    }
  }

  void run() {
    for (int64_t first = 0; first < lanes_[longest_].keys; first += kKeyBlock) {
      bool shared = one_head_;
      for (int l = 0; l < kCount; ++l) {
        const int64_t left = lanes_[l].keys - first;
        here_[l] = left < 0 ? 0 : (left < kKeyBlock ? left : kKeyBlock);
        // A lane whose range has ended has no further block; it goes along with another's.
        block_[l] = lanes_[here_[l] > 0 ? l : longest_].blocks[first / kKeyBlock];
        shared = shared && block_[l] == block_[0];
      }
      if (shared)
        attend_block<true>();
      else
        attend_block<false>();
    }
    for (int l = 0; l < kCount; ++l)
      finish(l);
  }

 private:
  const float* keys(int l) const { return block_[l] + lanes_[l].offset; }
  const float* values(int l) const { return keys(l) + d_ * kKeyBlock; }

  template <bool kShared>
  [[gnu::always_inline]] void scores(V (&s)[kCount]) const {
    const float* k[kCount];
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      k[l] = keys(l);
      s[l] = V::zero();
    }
    for (int64_t f = 0; f < d_; ++f) {
      const V shared = V::load(k[0] + f * kKeyBlock);
#pragma GCC unroll 8
      for (int l = 0; l < kCount; ++l) {
        const V key = kShared ? shared : V::load(k[l] + f * kKeyBlock);
        s[l] = fma(V::set1(lanes_[l].q[f]), key, s[l]);
      }
    }
  }

  /// kShared: all lanes read the same keys and values.
  template <bool kShared>
  [[gnu::noinline]] void attend_block() {
    V s[kCount];
    scores<kShared>(s);
    float change[kLanes] = {};
    bool changed = false;
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      s[l] = V::select_first(here_[l], s[l] * V::set1(scale_), V::set1(-__builtin_inff()));
      const float largest = reduce_max(s[l]);
      if (largest > top_[l]) {
        change[l] = top_[l] - largest;
        top_[l] = largest;
        changed = true;
      }
    }
    // exp(0) is exactly 1, so a lane that did not change is not touched by its neighbours' change.
    alignas(64) float correction[kLanes];
    if (changed)
      exponential(V::load(change)).store(correction);
    int64_t common = kKeyBlock;
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      const V p = exponential(s[l] - V::set1(top_[l]));
      p.store(p_[l]);
      total_[l] = (changed ? total_[l] * V::set1(correction[l]) : total_[l]) + p;
      common = here_[l] < common ? here_[l] : common;
    }
    for_vectors<V>(
        d_, [&](int64_t f, auto io) { add_values<kShared>(f, io, changed, correction, common); });
    for (int l = 0; l < kCount; ++l)
      add_rest(l, common);
  }

  // The sums stay in registers while all lanes see the key; what only some of them see comes after.
  template <bool kShared, class Io>
  [[gnu::always_inline]] void add_values(int64_t f, Io io, bool changed, const float* correction,
                                         int64_t common) {
    V sum[kCount];
    const float* v[kCount];
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      v[l] = values(l) + f;
      sum[l] = V::load(out_[l] + f);
    }
    if (changed) {
#pragma GCC unroll 8
      for (int l = 0; l < kCount; ++l)
        sum[l] = sum[l] * V::set1(correction[l]);
    }
    const int64_t d = d_;
    for (int64_t j = 0; j < common; ++j) {
      const V shared = io.load(v[0] + j * d);
#pragma GCC unroll 8
      for (int l = 0; l < kCount; ++l)
        sum[l] = fma(V::set1(p_[l][j]), kShared ? shared : io.load(v[l] + j * d), sum[l]);
    }
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l)
      sum[l].store(out_[l] + f);
  }

  // Lane l alone, on the keys from `common` on.
  void add_rest(int l, int64_t common) {
    if (here_[l] <= common)
      return;
    for_vectors<V>(d_, [&](int64_t f, auto io) {
      V sum = V::load(out_[l] + f);
      for (int64_t j = common; j < here_[l]; ++j)
        sum = fma(V::set1(p_[l][j]), io.load(values(l) + j * d_ + f), sum);
      sum.store(out_[l] + f);
    });
  }

  void finish(int l) {
    const AttentionLane& lane = lanes_[l];
    const float total = reduce_add(total_[l]);
    const V inverse = V::set1(1.0F / total);
    for_vectors<V>(
        d_, [&](int64_t f, auto io) { io.store(lane.out + f, V::load(out_[l] + f) * inverse); });
    if (lane.lse != nullptr)
      *lane.lse = top_[l] + __builtin_logf(total);
  }

  const AttentionLane* lanes_;
  int64_t d_;
  float scale_;
  int longest_ = 0;       // the lane with the most keys
  bool one_head_ = true;  // all lanes read the same key-value head
  int64_t here_[kCount];  // keys of the current block that a lane sees
  const float* block_[kCount];
  float top_[kCount];
  V total_[kCount];
  alignas(64) float p_[kCount][kLanes];
  alignas(64) float out_[kCount][kMaxHeadSize];
};

template <class V>
void fast_attend(const AttentionLane* lanes, int64_t count, int64_t d, float scale) {
  int64_t i = 0;
  for (; i + V::kQueries <= count; i += V::kQueries)
    Attention<V, V::kQueries>(lanes + i, d, scale).run();
  if constexpr (V::kQueries > 4) {
    for (; i + 4 <= count; i += 4)
      Attention<V, 4>(lanes + i, d, scale).run();
  }
  if (count - i == 3)
    Attention<V, 3>(lanes + i, d, scale).run();
  else if (count - i == 2)
    Attention<V, 2>(lanes + i, d, scale).run();
  else if (count - i == 1)
    Attention<V, 1>(lanes + i, d, scale).run();
}

}  // namespace nelumbo
