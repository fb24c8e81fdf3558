// SPDX-License-Identifier: Apache-2.0
#include "learner/network_units.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "model/score_model.h"
#include "tests/support/small_model.h"

namespace nelumbo {
namespace {

const UnitParameter* find(const NetworkUnit& unit, ParameterId id) {
  const auto at = std::ranges::find(unit.parameters, id, &UnitParameter::id);
  return at == unit.parameters.end() ? nullptr : &*at;
}

TEST(NetworkUnits, AreTheTowerTheEmbeddingTheDecoderAndTheHead) {
  const Network network = make_network(small_model());
  const auto units = network_units(network, std::nullopt);
  ASSERT_EQ(units.size(), 1U + 2 + 1 + 1 + 2 + 1);
  EXPECT_EQ(units.front().kind, UnitKind::kPictureRows);
  EXPECT_EQ(units[4].kind, UnitKind::kEmbed);
  EXPECT_EQ(units[5].parameters.size(), 9U);  // seven matrices and two norms
  EXPECT_TRUE(find(units[5], network.decoder[0].q.weight)->matrix);
  EXPECT_FALSE(find(units[5], network.decoder[0].input_norm)->matrix);
  EXPECT_FALSE(units[4].of_pictures());
  EXPECT_TRUE(units[3].of_pictures());
}

TEST(NetworkUnits, EveryParameterHasAFirstUnit) {
  const Network network = make_network(small_model());
  const auto units = network_units(network, std::nullopt);
  const auto first = first_units(network, units);
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_LT(first[i], std::ssize(units)) << network.parameters[i].name;
}

TEST(NetworkUnits, ATiedTableIsReadByTheEmbeddingAndMultipliedByTheHead) {
  const Network network = make_network(small_model());
  const auto units = network_units(network, std::nullopt);
  EXPECT_FALSE(find(units[4], network.token_embedding)->matrix);
  EXPECT_TRUE(find(units.back(), network.token_embedding)->matrix);
  EXPECT_EQ(first_units(network, units)[static_cast<size_t>(network.token_embedding)], 4);
}

TEST(NetworkUnits, TheHeadOfAScoreModelIsInTheLast) {
  const ScoreNetwork score = make_score_network(small_model(), StoredType::kF32, ScoreUse::kSteps);
  const auto units = network_units(score.network, score.score);
  EXPECT_TRUE(find(units.back(), score.score.weight)->matrix);
  EXPECT_FALSE(find(units.back(), *score.score.bias)->matrix);
  EXPECT_EQ(find(units.back(), score.network.token_embedding), nullptr);
}

TEST(NetworkUnits, ATextModelHasNoTower) {
  ModelConfig text = small_model();
  text.architecture = "LlamaForCausalLM";
  text.sees = false;
  const Network network = make_network(text);
  const auto units = network_units(network, std::nullopt);
  ASSERT_EQ(units.size(), 4U);
  EXPECT_EQ(units.front().kind, UnitKind::kEmbed);
}

}  // namespace
}  // namespace nelumbo
