// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

bool this_cpu_has_it() {
  const Isa before = isa();
  const bool has = use_isa(Isa::kAmx);
  use_isa(before);
  return has;
}

TEST(FastAmx, DiffersFromAvx512InProductsOfBf16Alone) {
  if (!this_cpu_has_it())
    GTEST_SKIP() << "this CPU lacks it";
  const KernelTable &own = amx_table(), &base = avx512_table();
  EXPECT_EQ(own.linear[0], base.linear[0]);
  EXPECT_EQ(own.weight_gradient[0], base.weight_gradient[0]);
  EXPECT_EQ(own.attend, base.attend);
  EXPECT_EQ(own.adamw, base.adamw);
  EXPECT_NE(own.linear[1], base.linear[1]);
  EXPECT_NE(own.weight_gradient[1], base.weight_gradient[1]);
}

}  // namespace
}  // namespace nelumbo
