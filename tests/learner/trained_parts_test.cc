// SPDX-License-Identifier: Apache-2.0
#include "learner/trained_parts.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

class TrainedPartsTest : public ::testing::Test {
 protected:
  std::map<std::string, Treatment> of(const TrainingConfig& config) const {
    const auto found = treatments(policy_.network, config);
    EXPECT_TRUE(found.ok()) << found.error().message;
    std::map<std::string, Treatment> by_name;
    for (size_t i = 0; i < found.value().size(); ++i)
      by_name[policy_.network.parameters[i].name] = found.value()[i];
    return by_name;
  }
  std::string refusal(const TrainingConfig& config) const {
    const auto found = treatments(policy_.network, config);
    EXPECT_EQ(found.error().code, Errc::kInvalidConfig);
    return found.error().message;
  }
  static int64_t count(const std::map<std::string, Treatment>& all, Treatment wanted) {
    return std::ranges::count_if(all, [&](const auto& one) { return one.second == wanted; });
  }

  const std::string layer_ = "model.text_model.layers.0.";
  const std::string tower_ = "model.vision_model.encoder.layers.0.";
  TinyPolicy policy_;
};

TEST_F(TrainedPartsTest, TrainEverythingUnlessTold) {
  for (const auto& [name, treatment] : of({}))
    EXPECT_EQ(treatment, Treatment::kTrained) << name;
}

TEST_F(TrainedPartsTest, FreezePartsAndBeginningsOfNames) {
  const auto all = of({.freeze = {"vision", "model.text_model.layers.1"}});
  for (const auto& [name, treatment] : all) {
    const bool frozen =
        name.starts_with("model.vision_model.") || name.starts_with("model.text_model.layers.1.");
    EXPECT_EQ(treatment, frozen ? Treatment::kFrozen : Treatment::kTrained) << name;
  }
  EXPECT_EQ(of({.freeze = {"embeddings"}}).at("model.text_model.embed_tokens.weight"),
            Treatment::kFrozen);
  EXPECT_EQ(of({.freeze = {"connector"}}).at("model.connector.modality_projection.proj.weight"),
            Treatment::kFrozen);
}

TEST_F(TrainedPartsTest, AdaptTheDecodersLinearLayersAndFreezeTheRest) {
  const auto all = of({.adapter = {.rank = 4}});
  EXPECT_EQ(count(all, Treatment::kAdapted), 2 * 7);
  EXPECT_EQ(count(all, Treatment::kTrained), 0);
  EXPECT_EQ(all.at(layer_ + "self_attn.q_proj.weight"), Treatment::kAdapted);
  EXPECT_EQ(all.at(layer_ + "input_layernorm.weight"), Treatment::kFrozen);
  EXPECT_EQ(all.at(tower_ + "self_attn.q_proj.weight"), Treatment::kFrozen);
}

TEST_F(TrainedPartsTest, AdaptLayersByTheEndsOfTheirNames) {
  TrainingConfig config{.adapter = {.rank = 4, .targets = {"q_proj", "layers.1.mlp.up_proj"}}};
  const auto all = of(config);
  EXPECT_EQ(count(all, Treatment::kAdapted), 4);
  EXPECT_EQ(all.at(tower_ + "self_attn.q_proj.weight"), Treatment::kAdapted);
  EXPECT_EQ(all.at("model.text_model.layers.1.mlp.up_proj.weight"), Treatment::kAdapted);
  config.freeze = {"vision"};
  EXPECT_EQ(count(of(config), Treatment::kAdapted), 3);
}

TEST_F(TrainedPartsTest, NameTheWordThatNamesNothing) {
  EXPECT_EQ(refusal({.freeze = {"connector", "visoin"}}),
            "freeze.1: the policy has no part or parameters 'visoin' (did you mean 'vision'?)");
  EXPECT_EQ(refusal({.adapter = {.rank = 4, .targets = {"q_prj"}}}),
            "adapter.targets.0: the policy has no linear layer 'q_prj' (did you mean 'q_proj'?)");
  EXPECT_EQ(refusal({.adapter = {.rank = 4, .targets = {"embed_tokens"}}}),
            "adapter.targets.0: the policy has no linear layer 'embed_tokens'");
  EXPECT_EQ(refusal({.freeze = {"model"}}), "freeze: leaves nothing to train");
}

}  // namespace
}  // namespace nelumbo
