// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

// Both fast paths are one source over 16 lanes, so they promise one another's bits.
template <class Body>
void expect_same_bits_on_avx2_and_avx512(const Body& body) {
  const Isa before = isa();
  const bool both = use_isa(Isa::kAvx2) && use_isa(Isa::kAvx512);
  use_isa(before);
  if (!both)
    GTEST_SKIP() << "this CPU has no AVX-512";
  EXPECT_TRUE(same_bits(on_isa(Isa::kAvx512, body), on_isa(Isa::kAvx2, body)));
}

TEST(FastAvx512, HasTheBitsOfAvx2InNorms) {
  expect_same_bits_on_avx2_and_avx512([] {
    Team team(1);
    const Floats x = random_floats(5 * 99, 1);
    const Floats w = random_floats(99, 2);
    Floats y(x.size());
    rms_norm(team, x.data(), w.data(), 5, 99, 1e-5F, y.data());
    layer_norm(team, y.data(), w.data(), w.data(), 5, 99, 1e-5F, y.data());
    return y;
  });
}

TEST(FastAvx512, HasTheBitsOfAvx2InActivations) {
  expect_same_bits_on_avx2_and_avx512([] {
    Team team(1);
    const Floats x = random_floats(1003, 3, 5);
    Floats y(x.size());
    gelu(team, x.data(), 1003, y.data());
    silu_mul(team, y.data(), x.data(), 1003, y.data());
    return y;
  });
}

TEST(FastAvx512, HasTheBitsOfAvx2InAttention) {
  expect_same_bits_on_avx2_and_avx512([] {
    Team team(1);
    const std::vector<Segment> segments{{0, 21, {}, true}, {21, 6, 0, true}};
    const Floats q = random_floats(27 * 4 * 24, 4);
    const Floats kv = random_floats(27 * 2 * 24, 5);
    Floats out(q.size());
    Floats lse(27 * 4);
    attention_packed(team, {4, 2, 24, 0.2F}, q.data(), kv.data(), kv.data(), segments, out.data(),
                     lse.data());
    out.insert(out.end(), lse.begin(), lse.end());
    return out;
  });
}

TEST(FastAvx512, HasTheBitsOfAvx2InTheHead) {
  expect_same_bits_on_avx2_and_avx512([] {
    Team team(1);
    const Floats x = random_floats(9 * 40, 6);
    const Floats w_NK = random_floats(131 * 40, 7);
    const std::vector<int32_t> targets(9, 3);
    PackedMatrix w;
    pack(w_NK.data(), 131, 40, w);
    Floats scores(18);
    head(team, x.data(), 9, w, targets.data(), 1.3F, scores.data(), scores.data() + 9);
    return scores;
  });
}

}  // namespace
}  // namespace nelumbo
