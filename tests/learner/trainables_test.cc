// SPDX-License-Identifier: Apache-2.0
#include "learner/trainables.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

class TrainablesTest : public ::testing::Test {
 protected:
  /// The treatments of a configuration, begun.
  void begin(const TrainingConfig& config) {
    trained_.begin(treatments(policy_.network, config).value(), config.adapter);
    trained_.own(all_of(trained_));
  }
  static std::vector<Piece> all_of(const Trainables& trained) {
    return whole_pieces(trained.shapes());
  }
  static void move(Trainables& trained, float by) {
    for (const ParameterView& view : trained.views(all_of(trained)))
      for (float& x : view.weights)
        x += by;
    trained.stepped();
    trained.changed();
  }
  std::vector<float> value(size_t id) const {
    const auto values = values_of(ops_.parameter(static_cast<ParameterId>(id)).value);
    return {values.begin(), values.end()};
  }
  /// The parameters of which a bit differs from the start.
  std::vector<std::string> changed_names() const {
    std::vector<std::string> names;
    for (size_t i = 0; i < policy_.weights->size(); ++i)
      if (value(i) != (*policy_.weights)[i].values)
        names.push_back((*policy_.weights)[i].name);
    return names;
  }
  void move_all() { move(trained_, 0.25F); }

  const std::string q_ = "model.text_model.layers.0.self_attn.q_proj";
  TinyPolicy policy_;
  Team team_{2};
  TrainOps ops_{policy_.network, *policy_.weights, team_};
  std::vector<int64_t> blocks_ = std::vector<int64_t>(policy_.network.parameters.size());
  Trainables trained_{ops_, 3, blocks_};
};

TEST_F(TrainablesTest, AreNothingBeforeAStageBegins) {
  EXPECT_FALSE(trained_.begun());
  EXPECT_TRUE(trained_.shapes().empty());
}

TEST_F(TrainablesTest, LeaveWhatIsFrozenOutOfStepsAndGradients) {
  begin({.freeze = {"vision"}});
  move_all();
  for (const std::string& name : changed_names())
    EXPECT_FALSE(name.starts_with("model.vision_model.")) << name;
  for (size_t i = 0; i < policy_.network.parameters.size(); ++i)
    EXPECT_EQ(ops_.parameters()[i].value.requires_grad(),
              !policy_.network.parameters[i].name.starts_with("model.vision_model."));
}

TEST_F(TrainablesTest, ShowTheFactorsInThePlaceOfAnAdaptedWeight) {
  begin({.adapter = {.rank = 2, .targets = {"layers.0.self_attn.q_proj"}}});
  const auto shapes = trained_.shapes();
  ASSERT_EQ(shapes.size(), 4U);  // of the decoder and of the tower
  EXPECT_EQ(shapes[2].name, "base_model.model." + q_ + ".lora_A.weight");
  EXPECT_EQ(shapes[2].shape, (std::vector<int64_t>{2, 16}));
  EXPECT_EQ(shapes[3].name, "base_model.model." + q_ + ".lora_B.weight");
  EXPECT_EQ(shapes[3].shape, (std::vector<int64_t>{16, 2}));
  EXPECT_TRUE(changed_names().empty());
  move_all();
  EXPECT_EQ(changed_names(),
            (std::vector<std::string>{"model.vision_model.encoder.layers.0.self_attn.q_proj.weight",
                                      q_ + ".weight"}));
}

TEST_F(TrainablesTest, GoOnFromTheirState) {
  begin({.adapter = {.rank = 2}});
  move_all();
  TrainOps other_ops(policy_.network, *policy_.weights, team_);
  Trainables other(other_ops, 4, blocks_);
  ASSERT_TRUE(other.restore(trained_.state()).ok());
  other.own(all_of(other));
  other.changed();
  for (size_t i = 0; i < policy_.weights->size(); ++i) {
    const at::Tensor& theirs = other_ops.parameter(static_cast<ParameterId>(i)).value;
    EXPECT_EQ(
        std::vector<float>(theirs.data_ptr<float>(), theirs.data_ptr<float>() + theirs.numel()),
        value(i));
  }
  EXPECT_EQ(weights_hash(other.state()), weights_hash(trained_.state()));
}

TEST_F(TrainablesTest, KeepTheMergedWeightsWhenTheStageEnds) {
  begin({.adapter = {.rank = 2}});
  move_all();
  const auto moved = changed_names();
  EXPECT_EQ(moved.size(), 14U);
  trained_.end();
  EXPECT_EQ(changed_names(), moved);
  EXPECT_FALSE(trained_.begun());
}

TEST_F(TrainablesTest, SayWhichTensorOfACheckpointIsMissing) {
  begin({.adapter = {.rank = 2}});
  WeightSet state = trained_.state();
  for (const NamedTensor& tensor : state)
    EXPECT_TRUE(Trainables::owns(tensor.name)) << tensor.name;
  ASSERT_TRUE(trained_.restore(state).ok());
  const std::string lost = "base_model.model." + q_ + ".lora_B.weight";
  std::erase_if(state, [&](const NamedTensor& tensor) { return tensor.name == lost; });
  EXPECT_EQ(trained_.restore(state).error().message,
            "checkpoint: " + lost + ": missing; take another checkpoint");
  EXPECT_EQ(trained_.restore({}).error().message,
            "checkpoint: trained.parts: missing; take another checkpoint");
}

/// Parameters that bf16 can store, moved by steps that are too small for it.
class RoundedTrainables : public TrainablesTest {
 protected:
  static WeightSet rounded(WeightSet weights) {
    for (NamedTensor& tensor : weights)
      round_to(StoredType::kBf16, tensor.values);
    return weights;
  }
  static float first(TrainOps& ops) { return ops.parameters()[0].value.data_ptr<float>()[0]; }

  Network network_ = make_network(policy_.network.config, StoredType::kBf16);
  TrainOps low_{network_, rounded(*policy_.weights), team_};
  Trainables rounded_{low_, 3, blocks_};
};

TEST_F(RoundedTrainables, GatherStepsThatAreTooSmallForTheType) {
  rounded_.begin(treatments(policy_.network, {}).value(), {});
  rounded_.own(all_of(rounded_));
  const float before = first(low_);
  const float tiny = std::abs(before) / 1024;
  move(rounded_, tiny);
  EXPECT_EQ(first(low_), before);
  for (int i = 0; i < 7; ++i)
    move(rounded_, tiny);
  EXPECT_NE(first(low_), before);
  for (const TrainParameter& p : low_.parameters()) {
    const std::vector<float> now(p.value.data_ptr<float>(),
                                 p.value.data_ptr<float>() + p.value.numel());
    std::vector<float> stored = now;
    round_to(StoredType::kBf16, stored);
    EXPECT_EQ(now, stored);
  }
}

TEST_F(RoundedTrainables, GoOnFromWhatTheyGathered) {
  rounded_.begin(treatments(policy_.network, {}).value(), {});
  rounded_.own(all_of(rounded_));
  const float tiny = std::abs(first(low_)) / 1024;
  move(rounded_, tiny);
  const WeightSet state = rounded_.state();
  TrainOps others(network_, rounded(*policy_.weights), team_);
  Trainables resumed(others, 3, blocks_);
  ASSERT_TRUE(resumed.restore(state).ok());
  resumed.own(all_of(resumed), state);
  for (int i = 0; i < 7; ++i) {
    move(rounded_, tiny);
    move(resumed, tiny);
  }
  EXPECT_EQ(first(others), first(low_));
  for (const NamedTensor& tensor : state)
    EXPECT_TRUE(Trainables::owns(tensor.name)) << tensor.name;
}

TEST_F(RoundedTrainables, RoundWhatAnAdapterMerges) {
  rounded_.begin(treatments(policy_.network, {.adapter = {.rank = 2}}).value(), {.rank = 2});
  move(rounded_, 0.01F);
  for (const TrainParameter& p : low_.parameters()) {
    const std::vector<float> now(p.value.data_ptr<float>(),
                                 p.value.data_ptr<float>() + p.value.numel());
    std::vector<float> stored = now;
    round_to(StoredType::kBf16, stored);
    EXPECT_EQ(now, stored);
  }
}

}  // namespace
}  // namespace nelumbo
