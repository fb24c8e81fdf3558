// SPDX-License-Identifier: Apache-2.0
//
// Rotary positions (Su et al., 2021), in the "rotate half" form: for i < D/2,
//   y_i       = x_i cos a_i       - x_{i+D/2} sin a_i
//   y_{i+D/2} = x_{i+D/2} cos a_i + x_i sin a_i,      a_i = position * frequency_i.
// Angles are rounded to fp32 as transformers does, so that imported weights see the angles that
// they were trained with.
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
  const float* const* of(const int32_t* positions, int64_t m, std::span<const float> frequencies) {
    if (!std::ranges::equal(frequencies, frequencies_)) {
      frequencies_.assign(frequencies.begin(), frequencies.end());
      table_.clear();
    }
    const int32_t last = *std::max_element(positions, positions + m);
    NELUMBO_CHECK(*std::min_element(positions, positions + m) >= 0) << "a negative position";
    extend(last + 1);
    rows_.resize(static_cast<size_t>(m));
    for (int64_t i = 0; i < m; ++i)
      rows_[static_cast<size_t>(i)] = table_.data() + positions[i] * 2 * std::ssize(frequencies_);
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

  std::vector<float> frequencies_;
  std::vector<float> table_;
  std::vector<const float*> rows_;
};

}  // namespace

// NOLINTNEXTLINE(readability-function-size): the shape and meaning of one array
void rope(Team& team, float* x, const int32_t* positions_M, int64_t m, int64_t heads,
          std::span<const float> frequencies, int direction) {
  NELUMBO_CHECK(!frequencies.empty()) << "rope needs a frequency for each pair";
  NELUMBO_CHECK(direction == 1 || direction == -1) << "direction " << direction;
  if (m == 0)
    return;
  thread_local Angles angles;
  const KernelTable& table = kernel_table();
  const int64_t d = 2 * std::ssize(frequencies);
  const RopeArgs args{x, angles.of(positions_M, m, frequencies), heads, d, direction};
  split(team, m, row_grain(heads * d), [&](Range rows) { table.rope(args, rows); });
}

}  // namespace nelumbo
