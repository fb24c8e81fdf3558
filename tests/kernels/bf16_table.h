// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {

/// A path that is AVX-512 but for products and attention of bf16 and products of int8; skips the
/// test where this CPU lacks it.
inline void expect_avx512_but_for_bf16(Isa path, const KernelTable& (*table)()) {
  const Isa before = isa();
  const bool has = use_isa(path);
  use_isa(before);
  if (!has)
    GTEST_SKIP() << "this CPU lacks it";
  const KernelTable &own = table(), &base = avx512_table();
  EXPECT_EQ(own.linear[0], base.linear[0]);
  EXPECT_EQ(own.weight_gradient[0], base.weight_gradient[0]);
  EXPECT_EQ(own.attend[0], base.attend[0]);
  EXPECT_NE(own.attend[1], base.attend[1]);
  EXPECT_EQ(own.adamw, base.adamw);
  EXPECT_NE(own.linear[1], base.linear[1]);
  EXPECT_NE(own.linear[2], base.linear[2]);
  EXPECT_NE(own.weight_gradient[1], base.weight_gradient[1]);
}

}  // namespace nelumbo
