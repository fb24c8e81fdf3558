// SPDX-License-Identifier: Apache-2.0
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

namespace {

constexpr int64_t kGrain = 16384;

}  // namespace

void gelu(Team& team, const float* x, int64_t size, float* y) {
  const KernelTable& table = kernel_table();
  split(team, size, kGrain,
        [&](Range r) { table.gelu(x + r.begin, r.end - r.begin, y + r.begin); });
}

void gelu_backward(Team& team, const float* dy, const float* x, int64_t size, float* dx) {
  const KernelTable& table = kernel_table();
  split(team, size, kGrain, [&](Range r) {
    table.gelu_backward(dy + r.begin, x + r.begin, r.end - r.begin, dx + r.begin);
  });
}

void exact_gelu(Team& team, const float* x, int64_t size, float* y) {
  const KernelTable& table = kernel_table();
  split(team, size, kGrain,
        [&](Range r) { table.exact_gelu(x + r.begin, r.end - r.begin, y + r.begin); });
}

void exact_gelu_backward(Team& team, const float* dy, const float* x, int64_t size, float* dx) {
  const KernelTable& table = kernel_table();
  split(team, size, kGrain, [&](Range r) {
    table.exact_gelu_backward(dy + r.begin, x + r.begin, r.end - r.begin, dx + r.begin);
  });
}

void silu_mul(Team& team, const float* gate, const float* up, int64_t size, float* y) {
  const KernelTable& table = kernel_table();
  split(team, size, kGrain, [&](Range r) {
    table.silu_mul(gate + r.begin, up + r.begin, r.end - r.begin, y + r.begin);
  });
}

// NOLINTNEXTLINE(readability-function-size): three inputs and two outputs, all of one size
void silu_mul_backward(Team& team, const float* dy, const float* gate, const float* up,
                       int64_t size, float* dgate, float* dup) {
  const KernelTable& table = kernel_table();
  const SiluBackwardArgs args{dy, gate, up, dgate, dup};
  split(team, size, kGrain, [&](Range r) { table.silu_mul_backward(args, r); });
}

void add(Team& team, const float* a, const float* b, int64_t size, float* y) {
  const KernelTable& table = kernel_table();
  split(team, size, 2 * kGrain,
        [&](Range r) { table.add(a + r.begin, b + r.begin, r.end - r.begin, y + r.begin); });
}

}  // namespace nelumbo
