// SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/bf16_table.h"

namespace nelumbo {
namespace {

TEST(FastAmx, DiffersFromAvx512InProductsOfBf16Alone) {
  expect_avx512_but_for_bf16(Isa::kAmx, amx_table);
}

}  // namespace
}  // namespace nelumbo
