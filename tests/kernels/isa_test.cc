// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

TEST(IsaChoice, FollowsUseIsa) {
  const Isa best = isa();
  ASSERT_TRUE(use_isa(Isa::kReference));
  EXPECT_EQ(isa(), Isa::kReference);
  EXPECT_EQ(&kernel_table(), &reference_table());
  ASSERT_TRUE(use_isa(best));
  EXPECT_EQ(isa(), best);
}

TEST(IsaChoice, KeepsThePathWhenTheCpuLacksTheOtherOne) {
  const Isa best = isa();
  for (const Isa other : {Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16, Isa::kAmx}) {
    if (use_isa(other))
      EXPECT_EQ(isa(), other);
    else
      EXPECT_EQ(isa(), best);
    use_isa(best);
  }
}

TEST(IsaChoice, NamesEachPath) {
  EXPECT_EQ(to_string(Isa::kReference), "reference");
  EXPECT_EQ(to_string(Isa::kAvx2), "avx2");
  EXPECT_EQ(to_string(Isa::kAvx512), "avx512");
  EXPECT_EQ(to_string(Isa::kAvx512Bf16), "avx512-bf16");
  EXPECT_EQ(to_string(Isa::kAmx), "amx");
}

}  // namespace
}  // namespace nelumbo
