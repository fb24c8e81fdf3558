// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// The gradient of attention from the saved log-sum-exp, without storing probabilities (Dao et al.,
// 2022). For each block of 16 keys, all queries that see it, several at a time:
//   p_ij = exp(scale q_i k_j - lse_i),  ds_ij = scale p_ij (do_i v_j - do_i o_i)
//   dv_j += p_ij do_i,  dk_j += ds_ij q_i,  dq_i += ds_ij k_j
// One call owns one key-value head of one family of segments, so it alone writes these gradients,
// and their order does not depend on the number of threads.

namespace nelumbo {

template <class V>
class AttentionBackward {
 public:
  AttentionBackward(const AttentionBackwardArgs& args, const Family& family, int64_t kv_head)
      : args_(args),
        family_(family),
        kv_head_(kv_head),
        d_(args.shape.d),
        group_(args.shape.heads / args.shape.kv_heads) {}

  void run() {
    int64_t rows = 0;
    for (int64_t c = -1; c < family_.child_count; ++c)
      rows += member(c).length;
    do_o_ = kernel_scratch(rows * group_);
    int64_t first = 0;
    for (int64_t c = -1; c < family_.child_count; ++c)
      first = prepare(member(c), first);
    for (int64_t c = -1; c < family_.child_count; ++c) {
      for (int64_t at = 0; at < member(c).length; at += kKeyBlock)
        run_block(c, at);
    }
  }

 private:
  // Member -1 is the root, the others are its children.
  const Segment& member(int64_t c) const {
    return args_.segments[c < 0 ? family_.root : family_.children[c]];
  }

  int64_t query_at(int64_t row, int64_t head) const {
    return (row * args_.shape.heads + kv_head_ * group_ + head) * d_;
  }
  int64_t key_at(int64_t row) const { return (row * args_.shape.kv_heads + kv_head_) * d_; }

  // Clears dq and takes do_i o_i, for the rows of one segment.
  int64_t prepare(const Segment& segment, int64_t first) {
    for (int64_t i = 0; i < segment.length; ++i, ++first) {
      for (int64_t head = 0; head < group_; ++head) {
        const int64_t at = query_at(segment.begin + i, head);
        V sum = V::zero();
        for_vectors<V>(d_, [&](int64_t f, auto io) {
          sum = fma(io.load(args_.dout + at + f), io.load(args_.out + at + f), sum);
          io.store(args_.dq + at + f, V::zero());
        });
        do_o_[first * group_ + head] = reduce_add(sum);
      }
    }
    return first;
  }

  void run_block(int64_t owner, int64_t at) {
    const Segment& segment = member(owner);
    const int64_t left = segment.length - at;
    const int64_t count = left < kKeyBlock ? left : kKeyBlock;
    load_block(segment.begin + at, count);
    int64_t first = 0;
    for (int64_t c = -1; c < family_.child_count; ++c) {
      const Segment& reader = member(c);
      if (c == owner)
        run_readers(reader, first, reader.causal ? at : -1, count);
      else if (owner < 0)
        run_readers(reader, first, -1, count);
      first += reader.length;
    }
    store_block(segment.begin + at, count);
  }

  void load_block(int64_t row, int64_t count) {
    for (int64_t f = 0; f < d_; ++f) {
      V::zero().store(keys_[f]);
      V::zero().store(values_[f]);
      V::zero().store(dkeys_[f]);
      V::zero().store(dvalues_[f]);
    }
    for (int64_t j = 0; j < kKeyBlock; ++j) {
      for_vectors<V>(d_, [&](int64_t f, auto io) {
        const V key = j < count ? io.load(args_.k + key_at(row + j) + f) : V::zero();
        key.store(key_rows_[j] + f);
      });
    }
    for (int64_t j = 0; j < count; ++j) {
      const int64_t from = key_at(row + j);
      for (int64_t f = 0; f < d_; ++f) {
        keys_[f][j] = args_.k[from + f];
        values_[f][j] = args_.v[from + f];
      }
    }
  }

  void store_block(int64_t row, int64_t count) {
    for (int64_t j = 0; j < count; ++j) {
      const int64_t to = key_at(row + j);
      for (int64_t f = 0; f < d_; ++f) {
        args_.dk[to + f] = dkeys_[f][j];
        args_.dv[to + f] = dvalues_[f][j];
      }
    }
  }

  // The queries of one segment on the loaded block, which begins at row `causal_at` of the same
  // segment, or is seen whole by all where that is negative.
  void run_readers(const Segment& reader, int64_t first, int64_t causal_at, int64_t count) {
    for (int64_t head = 0; head < group_; ++head) {
      int64_t i = causal_at < 0 ? 0 : causal_at;
      const auto run_tiles = [&]<int kRows>() {
        for (; i + kRows <= reader.length; i += kRows)
          run_tile<kRows>(reader.begin + i, head, (first + i) * group_,
                          causal_at < 0 ? kKeyBlock : i - causal_at, count);
      };
      run_tiles.template operator()<V::kQueries>();
      run_tiles.template operator()<4>();
      run_tiles.template operator()<2>();
      run_tiles.template operator()<1>();
    }
  }

  template <int kRows>
  struct Queries {
    const float* q[kRows];
    const float* dout[kRows];
    float* dq[kRows];
    V p[kRows];
    V ds[kRows];
  };

  // The first query sees `past` + 1 keys of the block, each further one sees one more.
  template <int kRows>
  [[gnu::noinline]] void run_tile(int64_t row, int64_t head, int64_t delta, int64_t past,
                                  int64_t count) {
    Queries<kRows> t;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const int64_t at = query_at(row + r, head);
      t.q[r] = args_.q + at;
      t.dout[r] = args_.dout + at;
      t.dq[r] = args_.dq + at;
      t.p[r] = V::zero();
      t.ds[r] = V::zero();
    }
    for (int64_t f = 0; f < d_; ++f) {
      const V key = V::load(keys_[f]);
      const V value = V::load(values_[f]);
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        t.p[r] = fma(V::set1(t.q[r][f]), key, t.p[r]);
        t.ds[r] = fma(V::set1(t.dout[r][f]), value, t.ds[r]);
      }
    }
    const V scale = V::set1(args_.shape.scale);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const int64_t seen = past + r + 1 < count ? past + r + 1 : count;
      const V lse = V::set1(args_.lse[query_at(row + r, head) / d_]);
      const V p = exponential(fma(t.p[r], scale, V::zero() - lse));
      const V ds = p * (t.ds[r] - V::set1(do_o_[delta + r * group_ + head])) * scale;
      t.p[r] = V::select_first(seen, p, V::zero());
      t.ds[r] = V::select_first(seen, ds, V::zero());
    }
    add_key_gradients(t);
    add_query_gradients(t);
  }

  template <int kRows>
  [[gnu::always_inline]] void add_key_gradients(const Queries<kRows>& t) {
    for (int64_t f = 0; f < d_; ++f) {
      V dkey = V::load(dkeys_[f]);
      V dvalue = V::load(dvalues_[f]);
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        dkey = fma(V::set1(t.q[r][f]), t.ds[r], dkey);
        dvalue = fma(V::set1(t.dout[r][f]), t.p[r], dvalue);
      }
      dkey.store(dkeys_[f]);
      dvalue.store(dvalues_[f]);
    }
  }

  template <int kRows>
  [[gnu::always_inline]] void add_query_gradients(const Queries<kRows>& t) {
    alignas(64) float ds[kRows][kKeyBlock];
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r)
      t.ds[r].store(ds[r]);
    for_vectors<V>(d_, [&](int64_t f, auto io) {
      V sum[kRows];
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r)
        sum[r] = io.load(t.dq[r] + f);
      for (int64_t j = 0; j < kKeyBlock; ++j) {
        const V key = V::load(key_rows_[j] + f);
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r)
          sum[r] = fma(V::set1(ds[r][j]), key, sum[r]);
      }
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r)
        io.store(t.dq[r] + f, sum[r]);
    });
  }

  const AttentionBackwardArgs& args_;
  const Family& family_;
  int64_t kv_head_;
  int64_t d_;
  int64_t group_;
  float* do_o_ = nullptr;  // by row of the family, then head of the group
  alignas(64) float keys_[kMaxHeadSize][kKeyBlock];
  alignas(64) float values_[kMaxHeadSize][kKeyBlock];
  alignas(64) float dkeys_[kMaxHeadSize][kKeyBlock];
  alignas(64) float dvalues_[kMaxHeadSize][kKeyBlock];
  alignas(64) float key_rows_[kKeyBlock][kMaxHeadSize];
};

template <class V>
void fast_attention_backward(const AttentionBackwardArgs& args, const Family& family,
                             int64_t kv_head) {
  AttentionBackward<V>(args, family, kv_head).run();
}

}  // namespace nelumbo
