// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

// Multiply-adds below which a second thread does not pay: about 8 us on one core.
constexpr int64_t kWorthSplitting = int64_t{1} << 19;

// Fewer rows a thread read each panel too seldom: bf16 products wait for it sooner.
int64_t rows_worth_a_thread(Precision precision) {
  return precision == Precision::kFloat32 ? 12 : 64;
}

}  // namespace

void linear(Team& team, const float* x_MK, int64_t m, const PackedMatrix& w, const float* bias,
            float* y_MN) {
  const auto run = kernel_table().linear[static_cast<size_t>(w.precision)];
  const LinearArgs args{x_MK, &w, bias, y_MN};
  const int64_t panels = panels_of(w.n);
  if (m * w.n * w.k < kWorthSplitting || team.threads() == 1)
    run(args, {0, m}, {0, panels});
  else if (m >= rows_worth_a_thread(w.precision) * team.threads() || panels < team.threads())
    split(team, m, 1, [&](Range rows) { run(args, rows, {0, panels}); });
  else
    split(team, panels, 1, [&](Range part) { run(args, {0, m}, part); });
}

// NOLINTNEXTLINE(readability-function-size): the six arrays and sizes of one matrix product
void linear_weight_gradient(Team& team, const float* dy_MN, const float* x_MK, int64_t m, int64_t n,
                            int64_t k, float* dw_NK, float* dbias_N, Precision precision) {
  NELUMBO_CHECK(precision != Precision::kInt8) << "int8 weights have no gradient";
  const auto run = kernel_table().weight_gradient[static_cast<size_t>(precision)];
  const WeightGradientArgs args{dy_MN, x_MK, m, n, k, dw_NK, dbias_N};
  const int64_t grain = m * n * k < kWorthSplitting ? n : 1;
  split(team, n, grain, [&](Range outputs) { run(args, outputs); });
}

}  // namespace nelumbo
