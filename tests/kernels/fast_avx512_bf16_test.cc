// SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/bf16_table.h"

namespace nelumbo {
namespace {

TEST(FastAvx512Bf16, DiffersFromAvx512InProductsOfBf16Alone) {
  expect_avx512_but_for_bf16(Isa::kAvx512Bf16, avx512_bf16_table);
}

}  // namespace
}  // namespace nelumbo
