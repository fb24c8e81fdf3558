// SPDX-License-Identifier: Apache-2.0
#include "bench/synthetic.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Synthetic, HasTheParametersOfSmolLm2) {
  const Network network = make_network(smollm2_shape());
  int64_t parameters = 0;
  for (const ParameterInfo& info : network.parameters) {
    int64_t size = 1;
    for (const int64_t side : info.shape)
      size *= side;
    parameters += size;
  }
  EXPECT_EQ(parameters, 134515008);
  const DecoderCost cost = cost_of(network);
  EXPECT_EQ(cost.layers, 106168320);
  EXPECT_EQ(cost.head, 28311552);
  EXPECT_EQ(cost.attention, 69120);
  EXPECT_EQ(cost_of(make_network(smollm2_shape(), StoredType::kBf16)).bytes, 2);
}

TEST(Synthetic, GroupsAreTrainedInEveryToken) {
  const Network network = make_network(smollm2_shape());
  const auto groups = drawn_groups(network, 2, 5, 3, 4);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].prefix.size(), 5U);
  ASSERT_EQ(groups[0].items.size(), 3U);
  EXPECT_EQ(groups[0].items[0].trained, std::vector<uint8_t>(4, 1));
  EXPECT_NE(groups[0].items[0].tokens, groups[0].items[1].tokens);
}

}  // namespace
}  // namespace nelumbo
