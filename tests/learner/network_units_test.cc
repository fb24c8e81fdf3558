// SPDX-License-Identifier: Apache-2.0
#include "learner/network_units.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "model/score_model.h"

namespace nelumbo {
namespace {

ModelConfig config() {
  ModelConfig config;
  config.vision = {.image_size = 16,
                   .patch_size = 4,
                   .hidden_size = 16,
                   .intermediate_size = 24,
                   .layers = 2,
                   .heads = 2};
  config.decoder.hidden_size = 16;
  config.decoder.intermediate_size = 24;
  config.decoder.layers = 3;
  config.decoder.heads = 2;
  config.decoder.kv_heads = 1;
  config.decoder.vocab_size = 50;
  return config;
}

const UnitParameter* find(const NetworkUnit& unit, ParameterId id) {
  const auto at = std::ranges::find(unit.parameters, id, &UnitParameter::id);
  return at == unit.parameters.end() ? nullptr : &*at;
}

TEST(NetworkUnits, AreTheTowerTheEmbeddingTheDecoderAndTheHead) {
  const Network network = make_network(config());
  const auto units = network_units(network, std::nullopt);
  ASSERT_EQ(units.size(), 1U + 2 + 1 + 1 + 3 + 1);
  EXPECT_EQ(units.front().kind, UnitKind::kPictureRows);
  EXPECT_EQ(units[4].kind, UnitKind::kEmbed);
  EXPECT_EQ(units[5].parameters.size(), 9U);  // seven matrices and two norms
  EXPECT_TRUE(find(units[5], network.decoder[0].q.weight)->matrix);
  EXPECT_FALSE(find(units[5], network.decoder[0].input_norm)->matrix);
  EXPECT_FALSE(units[4].of_pictures());
  EXPECT_TRUE(units[3].of_pictures());
}

TEST(NetworkUnits, EveryParameterHasAFirstUnit) {
  const Network network = make_network(config());
  const auto units = network_units(network, std::nullopt);
  const auto first = first_units(network, units);
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_LT(first[i], std::ssize(units)) << network.parameters[i].name;
}

TEST(NetworkUnits, ATiedTableIsReadByTheEmbeddingAndMultipliedByTheHead) {
  const Network network = make_network(config());
  const auto units = network_units(network, std::nullopt);
  EXPECT_FALSE(find(units[4], network.token_embedding)->matrix);
  EXPECT_TRUE(find(units.back(), network.token_embedding)->matrix);
  EXPECT_EQ(first_units(network, units)[static_cast<size_t>(network.token_embedding)], 4);
}

TEST(NetworkUnits, TheHeadOfAScoreModelIsInTheLast) {
  const ScoreNetwork score = make_score_network(config(), StoredType::kF32, ScoreUse::kSteps);
  const auto units = network_units(score.network, score.score);
  EXPECT_TRUE(find(units.back(), score.score.weight)->matrix);
  EXPECT_FALSE(find(units.back(), *score.score.bias)->matrix);
  EXPECT_EQ(find(units.back(), score.network.token_embedding), nullptr);
}

TEST(NetworkUnits, ATextModelHasNoTower) {
  ModelConfig text = config();
  text.architecture = "LlamaForCausalLM";
  text.sees = false;
  const Network network = make_network(text);
  const auto units = network_units(network, std::nullopt);
  ASSERT_EQ(units.size(), 5U);
  EXPECT_EQ(units.front().kind, UnitKind::kEmbed);
}

}  // namespace
}  // namespace nelumbo
