// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_sampler.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// 98 documents name entity 0, one of them entity 1 too; one names entity 2 alone, one nothing.
std::vector<std::vector<EntityCount>> documents() {
  std::vector<std::vector<EntityCount>> all(98, {{0, 3}});
  all[7].push_back({1, 1});
  all.push_back({{2, 1}});
  all.emplace_back();
  return all;
}

TEST(EntitySampler, WeighsADocumentByItsRarestEntity) {
  const EntitySampler sampler(documents(), 4, {}, 1);
  const double target = (98 + 1 + 1) / 3.0;
  EXPECT_NEAR(sampler.weights()[0], std::sqrt(target / 98), 1e-12);
  EXPECT_EQ(sampler.weights()[7], 4);  // sqrt(33.3) is above
  EXPECT_EQ(sampler.weights()[98], 4);
  EXPECT_EQ(sampler.weights()[99], 1);
}

TEST(EntitySampler, KeepsWithinItsBounds) {
  EntitySamplingConfig config;
  config.exponent = 1;
  config.least = 0.5;
  config.most = 2;
  const EntitySampler sampler(documents(), 4, config, 1);
  EXPECT_EQ(sampler.weights()[0], 0.5);
  EXPECT_EQ(sampler.weights()[7], 2);
}

TEST(EntitySampler, DrawsEachDocumentByItsShare) {
  EntitySampler sampler(documents(), 4, {}, 1);
  const std::vector<double> weights = sampler.weights();
  double all = 0;
  for (const double weight : weights)
    all += weight;
  std::map<int64_t, double> times;
  for (const int64_t document : sampler.draw(1000))
    ++times[document];
  for (size_t i = 0; i < weights.size(); ++i)
    EXPECT_LT(std::abs(times[static_cast<int64_t>(i)] - 1000 * weights[i] / all), 1) << i;
}

TEST(EntitySampler, WeighsAnewAfterEachEpoch) {
  EntitySampler sampler(documents(), 4, {}, 1);
  EXPECT_EQ(sampler.epoch(), 0);
  const auto drawn = sampler.draw(100);
  EXPECT_EQ(sampler.epoch(), 1);
  const double read =
      1 + static_cast<double>(std::count(drawn.begin(), drawn.end(), 98));  // of entity 2
  EXPECT_NEAR(sampler.weights()[98], std::min(4.0, std::sqrt(100 / 3.0 * 2 / read)), 1e-12);
}

TEST(EntitySampler, DrawsTheSameForTheSameSeed) {
  EntitySampler a(documents(), 4, {}, 1), b(documents(), 4, {}, 1), c(documents(), 4, {}, 2);
  const auto first = a.draw(100), second = a.draw(100);
  EXPECT_EQ(first, b.draw(100));
  EXPECT_EQ(second, b.draw(100));
  EXPECT_NE(first, c.draw(100));
  EXPECT_NE(first, second);
}

TEST(EntitySampler, DrawsAllAlikeWithoutEntities) {
  EntitySampler sampler({{}, {}, {}}, 0, {}, 1);
  auto drawn = sampler.draw(6);
  std::sort(drawn.begin(), drawn.end());
  EXPECT_EQ(drawn, (std::vector<int64_t>{0, 0, 1, 1, 2, 2}));
}

}  // namespace
}  // namespace nelumbo
