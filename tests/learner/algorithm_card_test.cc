// SPDX-License-Identifier: Apache-2.0
#include "learner/algorithm_card.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

RlConfig of(const Preset& preset) {
  RlConfig config;
  config.advantage = preset.advantage;
  config.loss = preset.loss;
  config.aggregation = preset.aggregation;
  config.clip_low = preset.clip_low;
  config.clip_high = preset.clip_high;
  return config;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(AlgorithmCard, NamesEveryPublishedCombination) {
  for (const Preset& preset : presets()) {
    const RlConfig config = of(preset);
    EXPECT_EQ(preset_name(config), preset.name);
    EXPECT_TRUE(contains(algorithm_card(config), std::string("algorithm   ") + preset.name + ","));
  }
}

TEST(AlgorithmCard, DefaultIsGdpoWithItsConstants) {
  const std::string card = algorithm_card({});
  EXPECT_TRUE(contains(card, "gdpo")) << card;
  EXPECT_TRUE(contains(card, "clip(r, 0.8, 1.28)")) << card;
  EXPECT_TRUE(contains(card, "clamp(l - o, -20, 20)")) << card;
  EXPECT_TRUE(contains(card, "w = m / sum of all T")) << card;
  EXPECT_TRUE(contains(card, "0.003 H")) << card;
  EXPECT_TRUE(contains(card, "|A| <= 10")) << card;
}

TEST(AlgorithmCard, OneChangedConstantIsNoLongerThePreset) {
  RlConfig config;
  config.clip_high = 0.2;
  EXPECT_FALSE(preset_name(config).has_value());
  EXPECT_TRUE(contains(algorithm_card(config), "a combination of its own"));
}

TEST(AlgorithmCard, DrGrpoShowsTheLengthItDividesBy) {
  RlConfig config;
  config.aggregation = "seq_mean_token_sum_max";
  config.loss_length = 48;
  EXPECT_TRUE(contains(algorithm_card(config), "w = m / (N 48)"));
}

TEST(RlConfig, RefusesAGroupOfOne) {
  RlConfig config;
  config.group_size = 1;
  const Result<void> said = config.validate();
  ASSERT_FALSE(said.ok());
  EXPECT_EQ(said.error().code, Errc::kInvalidConfig);
  EXPECT_EQ(said.error().message.rfind("group_size: must be >= 2", 0), 0U) << said.error().message;
}

TEST(RlConfig, RefusesACapThatCutsWhatIsNotStale) {
  RlConfig config;
  config.max_ratio = 1;
  EXPECT_EQ(config.validate().error().message.rfind("max_ratio: must be > 1", 0), 0U);
}

TEST(OptimizerConfig, RefusesACosineThatRises) {
  OptimizerConfig config;
  config.lr_end = 2 * config.lr;
  EXPECT_EQ(config.validate().error().message.rfind("lr_end: must be <= lr", 0), 0U);
}

}  // namespace
}  // namespace nelumbo
