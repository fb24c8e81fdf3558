// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/cells.h"
#include "kernels/kernel_table.h"
#include "kernels/vector_math.h"

// Attention with a running maximum and sum (Milakov and Gimelshein, 2018), 16 keys at a time. For
// one query, over the blocks of its keys in position order:
//   s_j = scale sum_f q_f k_jf      fma over f in order; 16 keys side by side
//   t = max(top, max s), c = exp(top - t), p_j = exp(s_j - t)
//   total_j = c total_j + p_j       16 partial sums, joined at the end
//   out_f = c out_f + sum_j p_j v_jf    fma over j in order
// Cells are floats, or pairs of bf16: of two features of a key, and of two keys' values; q and p
// are then rounded too, but for the p in the total. Queries that read the same block go through it
// together, to share loads and hide latency; nothing of one enters the arithmetic of another. Keys
// past a query's range are never multiplied, whatever they hold.

namespace nelumbo {

/// Some rows with all their heads; a lane is one head of a row.
template <class V, class Cells>
class Attention {
 public:
  using Cell = typename Cells::Cell;
  using In = typename Cells::Vector;

  static constexpr int64_t kRows = 8;  // at most: with 3 heads to a key-value head, whole tiles

  explicit Attention(const AttentionRows& rows)
      : rows_(rows),
        heads_(rows.shape.heads),
        group_(rows.shape.heads / rows.shape.kv_heads),
        d_(rows.shape.d),
        steps_((d_ + Cells::kInputs - 1) / Cells::kInputs) {
    const int64_t lanes = rows.count * heads_;
    out_ = kernel_scratch(lanes * (width() + kLanes + 1));
    totals_ = out_ + lanes * width();
    tops_ = totals_ + lanes * kLanes;
    for (float* to = out_; to < tops_; to += kLanes)
      V::zero().store(to);
    for (int64_t l = 0; l < lanes; ++l)
      tops_[l] = -__builtin_inff();
    for (int64_t r = 0; r < rows.count; ++r)
      longest_ = rows.ranges[r].keys > longest_ ? rows.ranges[r].keys : longest_;
    queries_ = Cells::queries(rows.q, lanes, d_, steps_);
  }

  void run() {
    for (int64_t first = 0; first < longest_; first += kKeyBlock)
      for (int64_t r = next_row(0, first); r < rows_.count;)
        r = read_block(r, first);
    for (int64_t r = 0; r < rows_.count; ++r)
      for (int64_t head = 0; head < heads_; ++head)
        finish(r, r * heads_ + head);
  }

 private:
  static constexpr int64_t kCells = kKeyBlock / Cells::kInputs;  // of the keys of a block

  int64_t width() const { return (d_ + kLanes - 1) / kLanes * kLanes; }
  float* out(int64_t lane) const { return out_ + lane * width(); }
  float* total(int64_t lane) const { return totals_ + lane * kLanes; }
  const float* block(int64_t row, int64_t first) const {
    return rows_.ranges[row].blocks[first / kKeyBlock];
  }
  /// Keys of the block at `first` that a row sees.
  int64_t seen(int64_t row, int64_t first) const {
    const int64_t left = rows_.ranges[row].keys - first;
    return left < kKeyBlock ? left : kKeyBlock;
  }
  /// The first from `row` on that sees some.
  int64_t next_row(int64_t row, int64_t first) const {
    while (row < rows_.count && seen(row, first) <= 0)
      ++row;
    return row;
  }

  /// The rows from `row` on that read one block, key-value head by key-value head; returns the next
  /// that reads another.
  int64_t read_block(int64_t row, int64_t first) {
    const float* here = block(row, first);
    int64_t end = row + 1;
    while (end < rows_.count && seen(end, first) > 0 && block(end, first) == here)
      ++end;
    const int64_t next = next_row(end, first);
    ahead_ = 0;
    if (next < rows_.count)
      ahead_ = block(next, first) - here;
    else if (first + kKeyBlock < longest_)
      ahead_ = block(next_row(0, first + kKeyBlock), first + kKeyBlock) - here;
    for (int64_t g = 0; g < rows_.shape.kv_heads; ++g)
      read_head({row, g * group_, g * group_}, (end - row) * group_, first,
                reinterpret_cast<const Cell*>(here + g * head_block_size(rows_.shape)));
    return next;
  }

  /// A lane among those of one key-value head.
  struct Place {
    int64_t row;
    int64_t head;
    int64_t first_head;
  };

  void read_head(Place place, int64_t lanes, int64_t first, const Cell* keys) {
    for (; lanes >= 8 && V::kQueries >= 8; lanes -= 8)
      attend<8>(place, first, keys);
    for (; lanes >= 4; lanes -= 4)
      attend<4>(place, first, keys);
    if (lanes == 3)
      attend<3>(place, first, keys);
    else if (lanes == 2)
      attend<2>(place, first, keys);
    else if (lanes == 1)
      attend<1>(place, first, keys);
  }

  /// Some lanes on one block.
  template <int kCount>
  struct Tile {
    alignas(64) float correction[kLanes];
    Cell p[kCount][kCells];
    int64_t lane[kCount];
    int64_t seen[kCount];  // keys
    int64_t whole;         // cells of keys that all of them see
    bool changed = false;  // the largest score of one
  };

  /// The lanes from `place` on, which moves past them.
  template <int kCount>
  [[gnu::noinline]] void attend(Place& place, int64_t first, const Cell* keys) {
    Tile<kCount> tile;
    int64_t common = kKeyBlock;
    for (int l = 0; l < kCount; ++l) {
      tile.lane[l] = place.row * heads_ + place.head;
      tile.seen[l] = seen(place.row, first);
      common = tile.seen[l] < common ? tile.seen[l] : common;
      if (++place.head == place.first_head + group_) {
        place.head = place.first_head;
        ++place.row;
      }
    }
    tile.whole = common / Cells::kInputs;
    weigh<kCount>(keys, tile);
    const Cell* values = keys + steps_ * kKeyBlock;
    constexpr int kWide = kCount > 4 ? 2 : 4;
    int64_t f = 0;
    for (; f + kWide * kLanes <= d_; f += kWide * kLanes)
      add_values<kCount, kWide>(tile, values, f, Whole<V>{});
    for_vectors<V>(d_ - f,
                   [&](int64_t i, auto io) { add_values<kCount, 1>(tile, values, f + i, io); });
    for (int l = 0; l < kCount; ++l)
      add_rest(tile.lane[l], tile.whole, tile.seen[l], tile.p[l], values);
  }

  template <int kCount>
  [[gnu::always_inline]] void scores(const Tile<kCount>& tile, const Cell* keys,
                                     V (&s)[kCount]) const {
    const Cell* q[kCount];
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      q[l] = queries_ + tile.lane[l] * steps_;
      s[l] = V::zero();
    }
    for (int64_t f = 0; f < steps_; ++f) {
      const In key = In::load(keys + f * kKeyBlock);
      __builtin_prefetch(keys + f * kKeyBlock + ahead_, 0, 2);
#pragma GCC unroll 8
      for (int l = 0; l < kCount; ++l)
        s[l] = fma(In::set1(q[l][f]), key, s[l]);
    }
  }

  /// What each lane weighs each value with.
  template <int kCount>
  [[gnu::always_inline]] void weigh(const Cell* keys, Tile<kCount>& tile) {
    V s[kCount];
    scores<kCount>(tile, keys, s);
    float change[kLanes] = {};
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      s[l] = V::select_first(tile.seen[l], s[l] * V::set1(rows_.shape.scale),
                             V::set1(-__builtin_inff()));
      float& top = tops_[tile.lane[l]];
      if (any_above(s[l], V::set1(top))) {
        const float largest = reduce_max(s[l]);
        change[l] = top - largest;
        top = largest;
        tile.changed = true;
      }
    }
    // exp(0) is exactly 1, so a lane that did not change is not touched by its neighbours' change.
    if (tile.changed)
      exponential(V::load(change)).store(tile.correction);
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
      const V p = exponential(s[l] - V::set1(tops_[tile.lane[l]]));
      Cells::put(p, tile.p[l]);
      const V sum = V::load(total(tile.lane[l]));
      ((tile.changed ? sum * V::set1(tile.correction[l]) : sum) + p).store(total(tile.lane[l]));
    }
  }

  // The sums stay in registers while all lanes see the key; what only some of them see comes after.
  template <int kCount, int kWide, class Io>
  [[gnu::always_inline]] void add_values(const Tile<kCount>& tile, const Cell* values, int64_t f,
                                         Io io) {
    V sum[kCount][kWide];
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
#pragma GCC unroll 4
      for (int i = 0; i < kWide; ++i) {
        sum[l][i] = V::load(out(tile.lane[l]) + f + i * kLanes);
        if (tile.changed)
          sum[l][i] = sum[l][i] * V::set1(tile.correction[l]);
      }
    }
    for (int64_t j = 0; j < tile.whole; ++j) {
      In value[kWide];
#pragma GCC unroll 4
      for (int i = 0; i < kWide; ++i) {
        const Cell* at = values + j * d_ + f + i * kLanes;
        value[i] = io.template load_as<In>(at);
        __builtin_prefetch(at + ahead_, 0, 2);
      }
#pragma GCC unroll 8
      for (int l = 0; l < kCount; ++l) {
        const In weight = In::set1(tile.p[l][j]);
#pragma GCC unroll 4
        for (int i = 0; i < kWide; ++i)
          sum[l][i] = fma(weight, value[i], sum[l][i]);
      }
    }
#pragma GCC unroll 8
    for (int l = 0; l < kCount; ++l) {
#pragma GCC unroll 4
      for (int i = 0; i < kWide; ++i)
        sum[l][i].store(out(tile.lane[l]) + f + i * kLanes);
    }
  }

  // One lane alone, from cell `j` of the keys that it sees.
  void add_rest(int64_t lane, int64_t j, int64_t here, const Cell* p, const Cell* values) {
    for (; j * Cells::kInputs < here; ++j)
      for_vectors<V>(d_, [&](int64_t f, auto io) {
        const In value = Cells::first_inputs(io.template load_as<In>(values + j * d_ + f),
                                             here - j * Cells::kInputs);
        fma(In::set1(p[j]), value, V::load(out(lane) + f)).store(out(lane) + f);
      });
  }

  /// A row without keys has a result of zeros.
  void finish(int64_t row, int64_t lane) const {
    const bool empty = rows_.ranges[row].keys == 0;
    const float sum = reduce_add(V::load(total(lane)));
    const V inverse = V::set1(empty ? 0.0F : 1.0F / sum);
    float* to = rows_.out + lane * d_;
    for_vectors<V>(d_,
                   [&](int64_t f, auto io) { io.store(to + f, V::load(out(lane) + f) * inverse); });
    if (rows_.lse != nullptr)
      rows_.lse[lane] = empty ? -__builtin_inff() : tops_[lane] + __builtin_logf(sum);
  }

  const AttentionRows& rows_;
  int64_t heads_, group_, d_;
  int64_t steps_;                  // cells of a query
  const Cell* queries_ = nullptr;  // [lanes, steps]
  // Of each lane: sums so far, [width] and [16], and the largest score.
  float *out_ = nullptr, *totals_ = nullptr, *tops_ = nullptr;
  int64_t longest_ = 0;  // keys of a row
  int64_t ahead_ = 0;    // from the block at hand to the next, which no processor foresees
};

template <class V, class Cells>
void fast_attend(const AttentionRows& rows) {
  constexpr int64_t kRows = Attention<V, Cells>::kRows;
  for (int64_t r = 0; r < rows.count; r += kRows)
    Attention<V, Cells>(rows.part(r, rows.count - r < kRows ? rows.count - r : kRows)).run();
}

}  // namespace nelumbo
