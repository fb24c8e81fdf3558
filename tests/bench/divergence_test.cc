// SPDX-License-Identifier: Apache-2.0
#include "bench/divergence.h"

#include <gtest/gtest.h>

#include "bench/synthetic.h"
#include "tests/bench/tiny_shape.h"

namespace nelumbo {
namespace {

class DivergenceBench : public ::testing::Test {
 protected:
  Figure measure(EngineProducts products) {
    Network own = exact_;
    own.products = products;
    const auto weights = drawn_weights(exact_);
    return measure_divergence(
        team_, {&own, std::make_shared<const EngineWeights>(own, weights, team_)},
        {&exact_, std::make_shared<const EngineWeights>(exact_, weights, team_)}, prompts_,
        {.samples = 2, .answer = 6}, 1);
  }

  Team team_{1};
  Network exact_ = make_network(tiny_shape());
  std::vector<std::vector<int32_t>> prompts_ = {drawn_tokens(exact_, 20, 1),
                                                drawn_tokens(exact_, 9, 2)};
};

TEST_F(DivergenceBench, IsNothingBetweenAPolicyAndItself) {
  const Figure figure = measure(EngineProducts::kAsStored);
  EXPECT_EQ(figure.details["kl"], 0);
  EXPECT_EQ(figure.details["logprob_abs_max"], 0);
  EXPECT_EQ(figure.details["tokens"], 24);
  EXPECT_GT(figure.own.speed, 0);
}

TEST_F(DivergenceBench, IsSmallAndAboveNothingForInt8) {
  const Figure figure = measure(EngineProducts::kInt8);
  EXPECT_GT(figure.details["kl"], 0);
  EXPECT_LT(figure.details["kl"], 0.01);
  EXPECT_GT(figure.details["kl_error"], 0);
}

}  // namespace
}  // namespace nelumbo
