// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/half.h"
#include "kernels/kernel_table.h"
#include "kernels/reference.h"

namespace nelumbo {

namespace {

// What stands at `input` of a row of `size` inputs that lie `stride` apart, or nothing.
float input_at(const float* row, int64_t input, int64_t size, int64_t stride) {
  return input < size ? row[input * stride] : 0.0F;
}

// Outputs lie `across` apart, the inputs of one `along`.
void put_floats(const float* w, int64_t columns, int64_t k, int64_t across, int64_t along,
                float* panel) {
  for (int64_t input = 0; input < k; ++input)
    for (int64_t c = 0; c < kPanel; ++c)
      *panel++ = c < columns ? w[c * across + input * along] : 0.0F;
}

void put_pairs(const float* w, int64_t columns, int64_t k, int64_t across, int64_t along,
               float* panel) {
  auto* to = reinterpret_cast<uint32_t*>(panel);
  for (int64_t input = 0; input < 2 * pairs_of(k); input += 2)
    for (int64_t c = 0; c < kPanel; ++c) {
      const float* row = w + c * across;
      *to++ = c < columns ? uint32_t{to_bf16(input_at(row, input, k, along))} |
                                uint32_t{to_bf16(input_at(row, input + 1, k, along))} << 16
                          : 0U;
    }
}

}  // namespace

void reference_pack(const float* rows, int64_t columns, int64_t k, float* panel) {
  put_floats(rows, columns, k, k, 1, panel);
}

void reference_pack_bf16(const float* rows, int64_t columns, int64_t k, float* panel) {
  put_pairs(rows, columns, k, k, 1, panel);
}

void reference_pack_transposed(const float* w, int64_t n, int64_t k, int64_t columns,
                               float* panel) {
  put_floats(w, columns, n, 1, k, panel);
}

void reference_pack_transposed_bf16(const float* w, int64_t n, int64_t k, int64_t columns,
                                    float* panel) {
  put_pairs(w, columns, n, 1, k, panel);
}

}  // namespace nelumbo
