// SPDX-License-Identifier: Apache-2.0
#include "rollout/token_draw.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

constexpr int64_t kRows = 6, kVocabulary = 1000;

class TokenDraw : public testing::Test {
 protected:
  TokenDraw() {
    Random random(3, Purpose::kSample);
    for (float& logit : logits_)
      logit = static_cast<float>(3 * random.normal());
  }

  std::vector<DrawnToken> draw(const std::vector<DrawAsk>& asks) {
    return draw_tokens(team_, logits_.data(), kVocabulary, asks);
  }

  Team team_{2};
  std::vector<float> logits_ = std::vector<float>(kRows * kVocabulary);
  Sampling greedy_{.temperature = 0}, hot_{.temperature = 1.5}, plain_{};
};

TEST_F(TokenDraw, IsThatOfTheKernelInTraining) {
  const std::vector<double> u = {0.1, 0.9, 0.5, 0.3, 0.7, 0.2};
  std::vector<DrawAsk> asks;
  for (const double x : u)
    asks.push_back({.sampling = &hot_, .u = x});
  std::vector<int32_t> tokens(kRows);
  std::vector<float> logprobs(kRows), entropies(kRows);
  log_softmax_sample(team_, logits_.data(), u.data(), kRows, kVocabulary,
                     hot_.inverse_temperature(), tokens.data(), logprobs.data(), entropies.data());
  const auto drawn = draw(asks);
  for (size_t i = 0; i < kRows; ++i) {
    EXPECT_EQ(drawn[i].token, tokens[i]);
    EXPECT_EQ(drawn[i].logprob, logprobs[i]);
    EXPECT_EQ(drawn[i].entropy, entropies[i]);
    EXPECT_TRUE(drawn[i].likeliest.empty());
  }
}

TEST_F(TokenDraw, OfARowDoesNotDependOnTheOthers) {
  const ServedWishes narrow{{{}, 0.5, 0, {}}, 2, false}, wide{{}, 1, false};
  const std::vector<DrawAsk> asks = {{&plain_, &wide, 0.4},  {&hot_, &narrow, 0.6},
                                     {&greedy_, &wide, 0.1}, {&greedy_, &narrow, 0.2},
                                     {&hot_, &wide, 0.8},    {&plain_, nullptr, 0.5}};
  const auto together = draw(asks);
  for (size_t i = 0; i < kRows; ++i) {
    const auto alone = draw_tokens(team_, logits_.data() + i * kVocabulary, kVocabulary,
                                   std::span(asks).subspan(i, 1));
    EXPECT_EQ(alone[0].token, together[i].token) << i;
    EXPECT_EQ(alone[0].logprob, together[i].logprob) << i;
    EXPECT_EQ(alone[0].likeliest.size(), together[i].likeliest.size()) << i;
  }
}

TEST_F(TokenDraw, TellsLogprobsOfTheFullSoftmaxAtTemperatureOne) {
  const ServedWishes wishes{{3, 1, 0, {}}, 4, false};
  const auto drawn = draw(std::vector<DrawAsk>(kRows, {&hot_, &wishes, 0.5}));
  for (size_t i = 0; i < kRows; ++i) {
    std::vector<int32_t> tokens = {drawn[i].token};
    for (const RankedToken& ranked : drawn[i].likeliest)
      tokens.push_back(ranked.token);
    for (size_t j = 0; j < tokens.size(); ++j) {
      float expected = 0;
      log_softmax_gather(team_, logits_.data() + i * kVocabulary, &tokens[j], 1, kVocabulary, 1.0F,
                         &expected, nullptr, nullptr);
      EXPECT_EQ(j == 0 ? drawn[i].logprob : drawn[i].likeliest[j - 1].logprob, expected);
    }
  }
}

TEST_F(TokenDraw, RanksTokensAsASortDoes) {
  const std::vector<int32_t> tokens(kRows, 7);
  const std::vector<int64_t> counts = {0, 1, 5, 20, 3, 2000};
  const auto ranked = rank_tokens(team_, logits_.data(), kVocabulary, tokens, counts);
  for (size_t i = 0; i < kRows; ++i) {
    std::vector<float> row(logits_.begin() + static_cast<std::ptrdiff_t>(i * kVocabulary),
                           logits_.begin() + static_cast<std::ptrdiff_t>((i + 1) * kVocabulary));
    const auto first = row;
    std::sort(row.rbegin(), row.rend());
    ASSERT_EQ(std::ssize(ranked[i].likeliest), std::min(counts[i], kVocabulary));
    for (size_t j = 0; j < ranked[i].likeliest.size(); ++j)
      EXPECT_EQ(first[static_cast<size_t>(ranked[i].likeliest[j].token)], row[j]);
  }
}

TEST_F(TokenDraw, NamesTheLowerOfTwoEqualTokensFirst) {
  const std::vector<float> logits = {1, 2, 2, 0, 2};
  const int32_t token = 0;
  const int64_t count = 3;
  const auto ranked = rank_tokens(team_, logits.data(), 5, {&token, 1}, {&count, 1});
  ASSERT_EQ(ranked[0].likeliest.size(), 3U);
  EXPECT_EQ(ranked[0].likeliest[0].token, 1);
  EXPECT_EQ(ranked[0].likeliest[1].token, 2);
  EXPECT_EQ(ranked[0].likeliest[2].token, 4);
}

}  // namespace
}  // namespace nelumbo
