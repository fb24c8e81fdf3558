// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

constexpr int64_t kChunk = 16384;

}  // namespace

double sum_of_squares(Team& team, const float* x, int64_t size) {
  const KernelTable& table = kernel_table();
  const int64_t chunks = (size + kChunk - 1) / kChunk;
  std::vector<double> sums(static_cast<size_t>(chunks));
  split(team, chunks, 2, [&](Range part) {
    for (int64_t c = part.begin; c < part.end; ++c) {
      const int64_t begin = c * kChunk;
      sums[static_cast<size_t>(c)] =
          table.sum_of_squares(x + begin, std::min(kChunk, size - begin));
    }
  });
  double sum = 0;
  for (const double part : sums)
    sum += part;
  return sum;
}

// NOLINTNEXTLINE(readability-function-size): the four arrays of one optimizer state
void adamw(Team& team, const AdamW& options, const float* gradient, int64_t size, float* w,
           float* m, float* v) {
  NELUMBO_CHECK(options.step >= 1) << "AdamW counts steps from 1, not " << options.step;
  const KernelTable& table = kernel_table();
  split(team, size, kChunk, [&](Range r) {
    table.adamw(options, gradient + r.begin, r.end - r.begin, w + r.begin, m + r.begin,
                v + r.begin);
  });
}

}  // namespace nelumbo
