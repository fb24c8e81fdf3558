// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <gtest/gtest.h>

#include "base/half.h"
#include "kernels/kernels.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

/// The bits of a packed matrix.
std::vector<uint32_t> packed(const Floats& w, int64_t n, int64_t k, Precision precision,
                             bool transposed) {
  Team team(2);
  PackedMatrix out;
  out.precision = precision;
  if (transposed)
    pack_transposed(team, w.data(), n, k, out);
  else
    pack(team, w.data(), n, k, out);
  return {out.cells(), out.cells() + out.panels.size()};
}

TEST(ReferencePack, PutsTwoInputsOfAnOutputIntoACell) {
  const Floats w{1, 2, 3, 4, 5, 6};  // two outputs of three inputs
  const auto cells =
      on_isa(Isa::kReference, [&] { return packed(w, 2, 3, Precision::kBfloat16, false); });
  ASSERT_EQ(cells.size(), size_t{16 * 64});
  EXPECT_EQ(cells[0], to_bf16(1) | uint32_t{to_bf16(2)} << 16);
  EXPECT_EQ(cells[1], to_bf16(4) | uint32_t{to_bf16(5)} << 16);
  EXPECT_EQ(cells[2], 0U);
  EXPECT_EQ(cells[64], to_bf16(3));
  const auto turned =
      on_isa(Isa::kReference, [&] { return packed(w, 2, 3, Precision::kBfloat16, true); });
  EXPECT_EQ(turned[0], to_bf16(1) | uint32_t{to_bf16(4)} << 16);
  EXPECT_EQ(turned[2], to_bf16(3) | uint32_t{to_bf16(6)} << 16);
  EXPECT_EQ(turned[64], 0U);
}

TEST(ReferencePack, IsWhatEachInstructionSetPacks) {
  for (const auto& [n, k] : {std::pair<int64_t, int64_t>{1, 1}, {70, 67}, {64, 32}, {130, 200}})
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16})
      for (const bool transposed : {false, true}) {
        Floats w = random_floats(n * k, 1);
        w[0] = 1e-40F;  // below the least normal number
        const auto expected =
            on_isa(Isa::kReference, [&] { return packed(w, n, k, precision, transposed); });
        on_each_isa([&] { EXPECT_EQ(packed(w, n, k, precision, transposed), expected); });
      }
}

}  // namespace
}  // namespace nelumbo
