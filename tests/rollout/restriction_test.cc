// SPDX-License-Identifier: Apache-2.0
#include "rollout/restriction.h"

#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

/// Logits of the probabilities 0.1, 0.4, 0.2, 0.3.
const std::vector<float> kLogits = {std::log(0.1F), std::log(0.4F), std::log(0.2F), std::log(0.3F)};

Restriction limit(std::optional<int64_t> top_k, double top_p, double min_p,
                  std::vector<TokenBias> bias = {}) {
  return {top_k, top_p, min_p, std::move(bias)};
}

std::map<int32_t, double> shares(const Restriction& restriction, double inverse_temperature = 1) {
  std::map<int32_t, double> share;
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i)
    share[draw_restricted(kLogits, restriction, (i + 0.5) / kDraws, inverse_temperature)] +=
        1.0 / kDraws;
  return share;
}

void expect_shares(const std::map<int32_t, double>& found,
                   const std::map<int32_t, double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [token, share] : expected)
    EXPECT_NEAR(found.count(token) > 0 ? found.at(token) : 0, share, 2e-4) << token;
}

TEST(Restriction, KeepsTheLikeliestFew) {
  expect_shares(shares(limit(2, 1, 0)), {{1, 4 / 7.0}, {3, 3 / 7.0}});
  expect_shares(shares(limit(1, 1, 0)), {{1, 1}});
}

TEST(Restriction, KeepsAsFewAsHaveTheProbability) {
  expect_shares(shares(limit({}, 0.65, 0)), {{1, 4 / 7.0}, {3, 3 / 7.0}});
  expect_shares(shares(limit({}, 0.75, 0)), {{1, 4 / 9.0}, {3, 3 / 9.0}, {2, 2 / 9.0}});
  expect_shares(shares(limit({}, 0, 0)), {{1, 1}});
}

TEST(Restriction, KeepsAShareOfTheLikeliest) {
  expect_shares(shares(limit({}, 1, 0.6)), {{1, 4 / 7.0}, {3, 3 / 7.0}});
  expect_shares(shares(limit({}, 1, 1)), {{1, 1}});
}

TEST(Restriction, DividesByTheTemperatureFirst) {
  // At temperature 1/2 probabilities are 1/30, 16/30, 4/30, 9/30.
  expect_shares(shares(limit({}, 0.5, 0), 2), {{1, 1}});
  expect_shares(shares(limit(2, 1, 0), 2), {{1, 16 / 25.0}, {3, 9 / 25.0}});
}

TEST(Restriction, AddsBiases) {
  const Restriction banned = limit({}, 1, 0, {{1, -100}});
  expect_shares(shares(banned), {{0, 1 / 6.0}, {2, 2 / 6.0}, {3, 3 / 6.0}});
  EXPECT_EQ(draw_restricted(kLogits, limit({}, 1, 0, {{0, 100}}), std::nullopt, 1), 0);
}

TEST(Restriction, WithoutANumberIsTheLikeliestLowestFirst) {
  EXPECT_EQ(draw_restricted(std::vector<float>{1, 3, 3, 2}, limit({}, 0.5, 0), std::nullopt, 1), 1);
}

TEST(Restriction, FindsTheSameTokensInALargeVocabularyAsASortDoes) {
  Random random(1, Purpose::kSample);
  std::vector<float> logits(5000);
  for (float& logit : logits)
    logit = static_cast<float>(random.normal());
  const int32_t least = draw_restricted(logits, limit(700, 1, 0), 0.9999999, 1);
  int64_t above = 0;
  for (const float logit : logits)
    above += logit > logits[static_cast<size_t>(least)] ? 1 : 0;
  EXPECT_EQ(above, 699);
}

TEST(Restriction, DrawsSomeTokenOfBrokenLogits) {
  const std::vector<float> broken = {NAN, NAN, NAN};
  EXPECT_LT(draw_restricted(broken, limit({}, 0.5, 0), 0.5, 1), 3);
}

}  // namespace
}  // namespace nelumbo
