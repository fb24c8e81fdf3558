// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kernels/kernel_table.h"
#include "tests/kernels/kernel_testing.h"

namespace nelumbo {
namespace {

TEST(ReferenceAttention, WeighsValuesByTheSoftmaxOfScores) {
  // Keys 0 and ln 3 against query 1: weights 1/4 and 3/4 on values 4 and 8.
  const AttentionShape shape{1, 1, 1, 1};
  Floats block(static_cast<size_t>(key_block_size(shape)));
  const Floats keys{0, std::log(3.0F)};
  const Floats values{4, 8};
  store_key_value(shape, &keys[0], &values[0], 0, block.data());
  store_key_value(shape, &keys[1], &values[1], 1, block.data());
  const float* blocks[] = {block.data()};
  const float q = 1;
  float out = 0;
  float lse = 0;
  const KeyRange range{blocks, 2};
  reference_table().attend[0]({shape, &q, &range, 1, &out, &lse});
  EXPECT_NEAR(out, 7, 1e-6);
  EXPECT_NEAR(lse, std::log(4.0), 1e-6);
}

TEST(ReferenceAttention, SendsGradientsBackByTheFormula) {
  // The same pair, both keys seen: p = (1/4, 3/4), o = 7, do = 1, so ds = p (v - o) = (-3/4, 3/4).
  const Floats q{1, 1};
  const Floats k{0, std::log(3.0F)};
  const Floats v{4, 8};
  const Floats out{7, 7};
  const Floats lse{std::log(4.0F), std::log(4.0F)};
  const Floats dout{1, 0};
  const Segment segment{0, 2, {}, false};
  Floats dq(2, 9.0F);
  Floats dk(2, 9.0F);
  Floats dv(2, 9.0F);
  const AttentionBackwardArgs args{{1, 1, 1, 1}, dout.data(), q.data(),   k.data(),
                                   v.data(),     out.data(),  lse.data(), &segment,
                                   dq.data(),    dk.data(),   dv.data()};
  reference_table().attention_backward(args, {0, nullptr, 0}, 0);
  EXPECT_NEAR(dv[0], 0.25, 1e-6);
  EXPECT_NEAR(dv[1], 0.75, 1e-6);
  EXPECT_NEAR(dk[0], -0.75, 1e-6);
  EXPECT_NEAR(dk[1], 0.75, 1e-6);
  EXPECT_NEAR(dq[0], 0.75 * std::log(3.0), 1e-6);
  EXPECT_EQ(dq[1], 0);
}

}  // namespace
}  // namespace nelumbo
