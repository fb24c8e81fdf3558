// SPDX-License-Identifier: Apache-2.0
#include "learner/optimizer.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// One matrix and one bias with their gradients.
struct Layer {
  std::vector<float> matrix{1, -2, 3, -4}, bias{0.5F, 0.25F};
  std::vector<float> dmatrix{3, 0, 0, 0}, dbias{0, 4};

  static std::vector<ParameterShape> shapes() {
    return {{"layer.weight", {2, 2}}, {"layer.bias", {2}}};
  }
  std::vector<ParameterView> views() { return {{matrix, dmatrix}, {bias, dbias}}; }
};

OptimizerConfig config() {
  return {.beta1 = 0.9, .beta2 = 0.99, .eps = 1e-8, .weight_decay = 0, .clip = 1};
}

TEST(Optimizer, NormIsTakenOverAllParameters) {
  Team team(1);
  Layer model;
  EXPECT_EQ(squared_norm(team, model.views()), 25);
}

TEST(Optimizer, FirstStepMovesEachTouchedWeightByTheLearningRate) {
  Team team(1);
  Layer model;
  Optimizer optimizer(Layer::shapes());
  EXPECT_TRUE(optimizer.step(team, config(), 0.1, 5, model.views()));
  // m / c1 = g and sqrt(v / c2) = |g|, whatever the scale: a step of lr against the sign.
  EXPECT_NEAR(model.matrix[0], 0.9, 1e-6);
  EXPECT_EQ(model.matrix[1], -2);
  EXPECT_NEAR(model.bias[1], 0.15, 1e-6);
  EXPECT_EQ(optimizer.steps(), 1);
}

TEST(Optimizer, UnderAConstantGradientEveryStepIsOneLearningRate) {
  Team team(1);
  Layer model;
  Optimizer optimizer(Layer::shapes());
  for (int i = 0; i < 5; ++i)
    (void)optimizer.step(team, config(), 0.1, 5, model.views());
  EXPECT_NEAR(model.matrix[0], 0.5, 1e-5);
}

TEST(Optimizer, ClipsByTheGlobalNorm) {
  Team team(1);
  Layer model;
  Optimizer optimizer(Layer::shapes());
  (void)optimizer.step(team, config(), 0.1, 5, model.views());
  const WeightSet state = optimizer.state(team);
  // Gradients 3 and 4 at norm 5 become 0.6 and 0.8; m = 0.1 g.
  EXPECT_EQ(state[0].name, "adamw.m/layer.weight");
  EXPECT_NEAR(state[0].values[0], 0.06, 1e-7);
  EXPECT_EQ(state[3].name, "adamw.v/layer.bias");
  EXPECT_NEAR(state[3].values[1], 0.0064, 1e-7);
}

TEST(Optimizer, LeavesASmallGradientAsItIs) {
  Team team(1);
  Layer model;
  model.dmatrix = {0.3F, 0, 0, 0};
  model.dbias = {0, 0.4F};
  Optimizer optimizer(Layer::shapes());
  (void)optimizer.step(team, config(), 0.1, 0.5, model.views());
  EXPECT_NEAR(optimizer.state(team)[0].values[0], 0.03, 1e-7);
}

TEST(Optimizer, DecaysMatricesOnly) {
  Team team(1);
  Layer model;
  Optimizer optimizer(Layer::shapes());
  OptimizerConfig decaying = config();
  decaying.weight_decay = 0.5;
  (void)optimizer.step(team, decaying, 0.1, 5, model.views());
  EXPECT_NEAR(model.matrix[3], -4 * (1 - 0.1 * 0.5), 1e-6);
  EXPECT_EQ(model.bias[0], 0.5F);
  EXPECT_TRUE(decays({"model.vision_model.embeddings.patch_embedding.weight", {96, 3, 8, 8}}));
  EXPECT_TRUE(decays({"lm_head.weight", {64, 128}}));
  EXPECT_FALSE(decays({"model.text_model.embed_tokens.weight", {64, 128}}));
  EXPECT_FALSE(decays({"model.vision_model.embeddings.position_embedding.weight", {144, 96}}));
  EXPECT_FALSE(decays({"model.text_model.norm.weight", {128}}));
}

TEST(Optimizer, LearningRateZeroLeavesTheBits) {
  Team team(1);
  Layer model, untouched;
  OptimizerConfig decaying = config();
  decaying.weight_decay = 0.5;
  Optimizer optimizer(Layer::shapes());
  EXPECT_TRUE(optimizer.step(team, decaying, 0, 5, model.views()));
  EXPECT_EQ(model.matrix, untouched.matrix);
  EXPECT_EQ(model.bias, untouched.bias);
}

TEST(Optimizer, ANormThatIsNotFiniteChangesNothing) {
  Team team(1);
  Layer model, untouched;
  model.dbias[0] = std::numeric_limits<float>::infinity();
  Optimizer optimizer(Layer::shapes());
  const double norm = std::sqrt(squared_norm(team, model.views()));
  EXPECT_FALSE(std::isfinite(norm));
  EXPECT_FALSE(optimizer.step(team, config(), 0.1, norm, model.views()));
  EXPECT_EQ(model.matrix, untouched.matrix);
  EXPECT_EQ(optimizer.state(team)[0].values, std::vector<float>(4, 0));
  EXPECT_EQ(optimizer.steps(), 0);
  EXPECT_EQ(optimizer.skipped(), 1);
}

TEST(Optimizer, GoesOnFromItsStateWithTheSameBits) {
  Team team(1);
  Layer through, stopped;
  Optimizer whole(Layer::shapes()), before(Layer::shapes()), after(Layer::shapes());
  for (int i = 0; i < 3; ++i) {
    (void)whole.step(team, config(), 0.1, 5, through.views());
    (void)before.step(team, config(), 0.1, 5, stopped.views());
  }
  WeightSet checkpoint{{"layer.weight", {2, 2}, stopped.matrix}};
  for (const NamedTensor& tensor : before.state(team))
    checkpoint.push_back(tensor);
  ASSERT_TRUE(after.restore(checkpoint).ok());
  (void)whole.step(team, config(), 0.1, 5, through.views());
  (void)after.step(team, config(), 0.1, 5, stopped.views());
  EXPECT_EQ(stopped.matrix, through.matrix);
  EXPECT_EQ(stopped.bias, through.bias);
  EXPECT_EQ(after.steps(), 4);
}

TEST(Optimizer, NamesWhatACheckpointLacks) {
  Team team(1);
  Optimizer optimizer(Layer::shapes());
  WeightSet state = optimizer.state(team);
  state[3].shape = {3};
  const Result<void> wrong = optimizer.restore(state);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, Errc::kBadData);
  EXPECT_NE(wrong.error().message.find("adamw.v/layer.bias"), std::string::npos);
  state.erase(state.begin());
  EXPECT_NE(optimizer.restore(state).error().message.find("adamw.m/layer.weight: missing"),
            std::string::npos);
}

TEST(Optimizer, ForgetsEverythingAtTheStartOfAStage) {
  Team team(1);
  Layer model;
  Optimizer optimizer(Layer::shapes());
  (void)optimizer.step(team, config(), 0.1, 5, model.views());
  optimizer.reset();
  EXPECT_EQ(optimizer.steps(), 0);
  EXPECT_EQ(optimizer.state(team)[0].values, std::vector<float>(4, 0));
}

}  // namespace
}  // namespace nelumbo
