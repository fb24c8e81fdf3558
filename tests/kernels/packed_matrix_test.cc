// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "kernels/packed_rows.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

float at(const PackedMatrix& w, int64_t output, int64_t input) {
  return w.panels.data()[(output / kPanel * w.k + input) * kPanel + output % kPanel];
}

TEST(PackedMatrix, HoldsOutputsInPanelsOf64PaddedWithZeros) {
  for (const int64_t n : {1, 63, 64, 65, 130}) {
    const int64_t k = 37;
    const Floats w_NK = random_floats(n * k, 1);
    PackedMatrix packed;
    pack(w_NK.data(), n, k, packed);
    EXPECT_EQ(packed.n, n);
    EXPECT_EQ(packed.k, k);
    for (int64_t i = 0; i < panels_of(n) * kPanel; ++i) {
      for (int64_t f = 0; f < k; ++f)
        ASSERT_EQ(at(packed, i, f), i < n ? w_NK[static_cast<size_t>(i * k + f)] : 0.0F);
    }
  }
}

TEST(PackedMatrix, TransposedSwapsInputsAndOutputs) {
  const int64_t n = 70;
  const int64_t k = 67;
  const Floats w_NK = random_floats(n * k, 2);
  PackedMatrix packed;
  pack_transposed(w_NK.data(), n, k, packed);
  EXPECT_EQ(packed.n, k);
  EXPECT_EQ(packed.k, n);
  for (int64_t f = 0; f < panels_of(k) * kPanel; ++f) {
    for (int64_t i = 0; i < n; ++i)
      ASSERT_EQ(at(packed, f, i), f < k ? w_NK[static_cast<size_t>(i * k + f)] : 0.0F);
  }
}

TEST(PackedMatrix, KeepsItsMemoryWhereTheShapeIsUnchanged) {
  const Floats w_NK = random_floats(20 * 10, 3);
  PackedMatrix packed;
  pack(w_NK.data(), 20, 10, packed);
  const float* before = packed.panels.data();
  pack(w_NK.data(), 20, 10, packed);
  EXPECT_EQ(packed.panels.data(), before);
}

TEST(PackedMatrix, IsPackedPanelByPanelAndGivesItsRowsBack) {
  constexpr int64_t kRows = 130, kColumns = 37;
  std::vector<float> w(kRows * kColumns);
  std::iota(w.begin(), w.end(), 1.0F);
  PackedMatrix whole;
  pack(w.data(), kRows, kColumns, whole);
  PackedMatrix parts = unpacked(kRows, kColumns);
  for (const int64_t first : {128, 0, 64})
    pack_panel(w.data() + first * kColumns, first, parts);
  ASSERT_EQ(parts.panels.size(), whole.panels.size());
  EXPECT_TRUE(std::equal(whole.panels.data(), whole.panels.data() + whole.panels.size(),
                         parts.panels.data()));
  std::vector<float> row(kColumns);
  for (const int64_t at : {0, 63, 64, 129}) {
    unpack_row(parts, at, row.data());
    EXPECT_TRUE(std::equal(row.begin(), row.end(), w.begin() + at * kColumns));
  }
}

TEST(Buffer, StandsOnACacheLine) {
  for (const int64_t size : {1, 16, 17, 1000}) {
    const Buffer buffer(size);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % 64, 0U);
    EXPECT_EQ(buffer.size(), size);
  }
  EXPECT_EQ(Buffer(0).data(), nullptr);
}

TEST(Buffer, IsEmptyOnceMovedFrom) {
  Buffer buffer(8);
  const float* memory = buffer.data();
  const Buffer taken = std::move(buffer);
  EXPECT_EQ(taken.data(), memory);
  EXPECT_EQ(buffer.size(), 0);  // NOLINT(bugprone-use-after-move): what is tested
}

}  // namespace
}  // namespace nelumbo
