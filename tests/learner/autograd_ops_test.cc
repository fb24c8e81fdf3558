// SPDX-License-Identifier: Apache-2.0
//
// The ops of all families at once: the bits of the engine, and the slope of the loss.
#include <cmath>
#include <memory>
#include <utility>

#include <ATen/ops/full.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/check.h"
#include "learner/train_ops.h"
#include "model/image_processor.h"
#include "model/row_places.h"
#include "model/scoring.h"
#include "model/tokenizer.h"
#include "rollout/chat_environment.h"
#include "rollout/policy_engine.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

/// A model of another family, and what it is trained on.
class OtherModel : public testing::TestWithParam<const char*> {
 protected:
  struct Outcome {
    double loss = 0;
    std::vector<float> logprobs;
    std::vector<std::vector<float>> gradient;  ///< by parameter
  };

  Outcome outcome(const WeightSet& weights, const TrainingGroup& group) {
    TrainOps ops(model_.network, weights, team_);
    Outcome out;
    const ModelConfig& c = model_.network.config;
    const std::vector<PackedBatch> batches =
        pack(std::vector{group},
             {.image_token_id = c.image_token_id, .layout = row_layout(c), .max_tokens = 4096});
    const auto heads = ops.head(forward_batch(ops, batches.front()), 1);
    const float* l = heads[0].data_ptr<float>();
    out.logprobs.assign(l, l + heads[0].numel());
    for (const float logprob : out.logprobs)
      out.loss -= logprob;
    torch::autograd::backward({heads[0]}, {at::full({heads[0].numel()}, -1.0F)});
    for (const TrainParameter& p : ops.parameters()) {
      const float* g = p.value.grad().data_ptr<float>();
      out.gradient.emplace_back(g, g + p.value.numel());
    }
    return out;
  }

  static TrainingItem item(std::vector<int32_t> tokens) {
    TrainingItem item;
    item.trained.assign(tokens.size(), 1);
    item.tokens = std::move(tokens);
    return item;
  }

  /// The loss falls along a parameter's gradient as the gradient says, to `tolerance`.
  void expect_slope(const TrainingGroup& group, const Outcome& at, size_t which, double tolerance) {
    double norm = 0;
    for (const float g : at.gradient[which])
      norm += double{g} * double{g};
    norm = std::sqrt(norm);
    ASSERT_GT(norm, 0) << model_.network.parameters[which].name;
    const double step = 2e-3;
    const auto moved = [&](double distance) {
      WeightSet weights = *model_.weights;
      for (size_t i = 0; i < at.gradient[which].size(); ++i)
        weights[which].values[i] +=
            static_cast<float>(distance * double{at.gradient[which][i]} / norm);
      return outcome(weights, group).loss;
    };
    const double slope = (moved(step) - moved(-step)) / (2 * step);
    EXPECT_NEAR(slope / norm, 1, tolerance) << model_.network.parameters[which].name;
  }

  void store_as(StoredType type) {
    model_.network.type = type;
    WeightSet weights = *model_.weights;
    for (NamedTensor& tensor : weights)
      round_to(type, tensor.values);
    model_.weights = std::make_shared<const WeightSet>(std::move(weights));
  }

  Team team_{2};
  ParityModel model_{GetParam()};
};

/// Its longest sequence, as one prefix token and what follows it.
class TrainOpsFamilies : public OtherModel {
 protected:
  TrainingGroup group() const {
    TrainingGroup group{.prefix = {tokens_.front()}, .pixels = {}, .items = {}};
    group.items.push_back(item({tokens_.begin() + 1, tokens_.end()}));
    return group;
  }

  static std::vector<int32_t> longest(const std::string& model) {
    std::vector<int32_t> tokens;
    const nlohmann::json sequences = parity_json(model, "logprobs.json")["sequences"];
    for (const auto& sequence : sequences)
      if (sequence["ids"].size() > tokens.size())
        tokens = sequence["ids"].get<std::vector<int32_t>>();
    return tokens;
  }

  std::vector<int32_t> tokens_ = longest(GetParam());
};

TEST_P(TrainOpsFamilies, GiveTheBitsOfTheEngine) {
  for (const StoredType type : {StoredType::kF32, StoredType::kBf16}) {
    store_as(type);
    const EngineWeights weights(model_.network, model_.weights, team_);
    EXPECT_EQ(outcome(*model_.weights, group()).logprobs,
              score_tokens(model_.network, weights, team_, tokens_));
  }
}

TEST_P(TrainOpsFamilies, HaveNearlyTheGradientsInBf16) {
  const Outcome exact = outcome(*model_.weights, group());
  store_as(StoredType::kBf16);
  const Outcome rounded = outcome(*model_.weights, group());
  EXPECT_NE(rounded.logprobs, exact.logprobs);
  double difference = 0, norm = 0;
  for (size_t i = 0; i < exact.gradient.size(); ++i)
    for (size_t j = 0; j < exact.gradient[i].size(); ++j) {
      const double d = double{rounded.gradient[i][j]} - exact.gradient[i][j];
      difference += d * d;
      norm += double{exact.gradient[i][j]} * exact.gradient[i][j];
    }
  EXPECT_LE(std::sqrt(difference / norm), 0.03);
}

TEST_P(TrainOpsFamilies, HaveTheSlopeOfTheLossInEveryParameter) {
  const Outcome at = outcome(*model_.weights, group());
  for (const size_t which : {size_t{1}, size_t{2}, size_t{3}, size_t{5}, at.gradient.size() / 2})
    expect_slope(group(), at, which, 0.02);
}

/// A question about pictures of two sizes, with what a rollout draws.
class TrainOpsPictures : public OtherModel {
 protected:
  void SetUp() override {
    const std::string folder = parity_folder(GetParam());
    const auto one = parity_json(GetParam(), "cases.json")["cases"].back();
    const auto processor = read_image_processor(folder, model_.network.config);
    ASSERT_TRUE(processor.ok()) << processor.error().message;
    for (const auto& path : one["images"]) {
      const auto image = read_image(folder + "/" + path.get<std::string>());
      ASSERT_TRUE(image.ok()) << image.error().message;
      const auto seen = processor.value()->see(image.value());
      prompt_.pixels.insert(prompt_.pixels.end(), seen.value().pixels.begin(),
                            seen.value().pixels.end());
    }
    prompt_.id = "a";
    prompt_.tokens = one["input_ids"].get<std::vector<int32_t>>();
    continuation_ = one["continuation_ids"].get<std::vector<int32_t>>();
  }

  /// Three answers of 20 tokens.
  std::vector<Trajectory> drawn() {
    auto tokenizer = Tokenizer::read(parity_folder(GetParam()) + "/tokenizer.json");
    NELUMBO_CHECK(tokenizer.ok()) << tokenizer.error().message;
    const auto engine =
        make_policy_engine(model_.network, EngineConfig{},
                           std::make_shared<const ChatEnvironment>(
                               std::make_shared<const Tokenizer>(std::move(tokenizer).value()),
                               std::vector<int32_t>{}),
                           team_);
    engine->load(model_.weights, PolicyVersion{0});
    const auto queued = engine->submit({.id = GroupId{0},
                                        .prompt = std::make_shared<const Prompt>(prompt_),
                                        .samples = 3,
                                        .seed = 5,
                                        .sampling = {.temperature = 1, .max_new_tokens = 20}});
    NELUMBO_CHECK(queued.ok()) << queued.error().message;
    std::vector<Group> groups;
    while (groups.empty())
      groups = engine->step();
    return groups.front().trajectories;
  }

  TrainingGroup group(std::vector<TrainingItem> items) const {
    return {.prefix = prompt_.tokens, .pixels = prompt_.pixels, .items = std::move(items)};
  }

  Prompt prompt_;
  std::vector<int32_t> continuation_;
};

TEST_P(TrainOpsPictures, GiveTheBitsOfTheEngine) {
  for (const StoredType type : {StoredType::kF32, StoredType::kBf16}) {
    store_as(type);
    std::vector<TrainingItem> items;
    std::vector<float> logprobs;
    for (const Trajectory& t : drawn()) {
      items.push_back(item(t.tokens));
      logprobs.insert(logprobs.end(), t.logprobs.begin(), t.logprobs.end());
    }
    ASSERT_EQ(logprobs.size(), 60U);
    EXPECT_EQ(outcome(*model_.weights, group(items)).logprobs, logprobs);
  }
}

TEST_P(TrainOpsPictures, HaveTheSlopeOfTheLossInEveryParameterOfTheTower) {
  const TrainingGroup question = group({item(continuation_)});
  const Outcome at = outcome(*model_.weights, question);
  for (size_t i = 0; i < at.gradient.size(); ++i) {
    const std::string& name = model_.network.parameters[i].name;
    const bool of_the_tower = name.find("vis") != std::string::npos;
    const bool of_another_layer =
        name.find("layers.1.") != std::string::npos || name.find("layers.2.") != std::string::npos;
    const bool key_bias = name.ends_with("k_proj.bias");  // no logit depends on it
    if (of_the_tower && !of_another_layer && !key_bias)
      expect_slope(question, at, i, 0.03);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, TrainOpsPictures, testing::ValuesIn(kVisionModels),
                         [](const auto& model) { return std::string(model.param); });

INSTANTIATE_TEST_SUITE_P(Families, TrainOpsFamilies, testing::ValuesIn(kTextModels),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
}  // namespace nelumbo
