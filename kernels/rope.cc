// SPDX-License-Identifier: Apache-2.0
//
// Rotary positions (Su et al., 2021), in the "rotate half" form: for i < D/2,
//   y_i       = x_i cos a_i       - x_{i+D/2} sin a_i
//   y_{i+D/2} = x_{i+D/2} cos a_i + x_i sin a_i,      a_i = position * frequency_i.
// Angles are rounded to fp32 as transformers does, so that imported weights see the angles that
// they were trained with. With several axes (Wang et al., 2024: Qwen2-VL) the position of pair i is
// the row's along the axis that the pair follows.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

/// Cosines and sines of the positions met so far, for one list of frequencies.
class Angles {
 public:
  /// A row for each position; valid until the next call.
  const float* const* of(const int32_t* positions, int64_t m, const Rotary& rotary) {
    if (rotary.frequencies != frequencies_) {
      frequencies_ = rotary.frequencies;
      table_.clear();
    }
    const int64_t count = m * rotary.axis_count;
    const int32_t last = *std::max_element(positions, positions + count);
    NELUMBO_CHECK(*std::min_element(positions, positions + count) >= 0) << "a negative position";
    extend(last + 1);
    rows_.resize(static_cast<size_t>(m));
    if (!rotary.axes.empty())
      mix(positions, m, rotary);
    else
      for (int64_t i = 0; i < m; ++i)
        rows_[static_cast<size_t>(i)] = row_of(positions[i]);
    return rows_.data();
  }

 private:
  void extend(int64_t positions) {
    const int64_t half = std::ssize(frequencies_), d = 2 * half;
    const int64_t known = std::ssize(table_) / d;
    if (positions <= known)
      return;
    table_.resize(static_cast<size_t>(positions * d));
    for (int64_t p = known; p < positions; ++p) {
      for (int64_t i = 0; i < half; ++i) {
        const float angle = static_cast<float>(p) * frequencies_[static_cast<size_t>(i)];
        table_[static_cast<size_t>(p * d + i)] = static_cast<float>(std::cos(double{angle}));
        table_[static_cast<size_t>(p * d + half + i)] = static_cast<float>(std::sin(double{angle}));
      }
    }
  }

  const float* row_of(int64_t position) const {
    return table_.data() + position * 2 * std::ssize(frequencies_);
  }

  /// Rows whose pairs follow different axes.
  void mix(const int32_t* positions, int64_t m, const Rotary& rotary) {
    const int64_t half = std::ssize(frequencies_);
    mixed_.resize(static_cast<size_t>(m * 2 * half));
    for (int64_t i = 0; i < m; ++i) {
      float* to = mixed_.data() + i * 2 * half;
      for (int64_t f = 0; f < half; ++f) {
        const int64_t axis = rotary.axes[static_cast<size_t>(f)];
        const float* from = row_of(positions[i * rotary.axis_count + axis]);
        to[f] = from[f];
        to[half + f] = from[half + f];
      }
      rows_[static_cast<size_t>(i)] = to;
    }
  }

  std::vector<float> frequencies_;
  std::vector<float> table_;
  std::vector<float> mixed_;
  std::vector<const float*> rows_;
};

}  // namespace

// NOLINTNEXTLINE(readability-function-size): the shape and meaning of one array
void rope(Team& team, float* x, const int32_t* positions, int64_t m, int64_t heads,
          const Rotary& rotary, int direction) {
  const int64_t pairs = std::ssize(rotary.frequencies);
  NELUMBO_CHECK(pairs > 0) << "rope needs a frequency for each pair";
  NELUMBO_CHECK(rotary.axis_count == 1 || std::ssize(rotary.axes) == pairs)
      << rotary.axes.size() << " axes for " << pairs << " pairs";
  NELUMBO_CHECK(direction == 1 || direction == -1) << "direction " << direction;
  if (m == 0)
    return;
  thread_local Angles angles;
  const KernelTable& table = kernel_table();
  const RopeArgs args{x, angles.of(positions, m, rotary), heads, 2 * pairs, direction};
  split(team, m, row_grain(heads * 2 * pairs), [&](Range rows) { table.rope(args, rows); });
}

}  // namespace nelumbo
