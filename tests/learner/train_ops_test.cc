// SPDX-License-Identifier: Apache-2.0
#include "learner/train_ops.h"

#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include <ATen/ops/full.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/check.h"
#include "model/image_processor.h"
#include "model/row_places.h"
#include "model/scoring.h"
#include "model/tokenizer.h"
#include "rollout/chat_environment.h"
#include "rollout/policy_engine.h"
#include "tests/support/parity.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

/// Loss and gradients of one step, cut into micro-batches in one way or another.
struct StepResult {
  double loss = 0;
  std::vector<double> gradient;  ///< all parameters, one behind the other
  std::map<std::pair<int, int>, std::vector<float>> logprobs;  ///< by (group, item)
};

class TrainOpsTest : public ::testing::Test {
 protected:
  /// Three pictures with items of several lengths; the last item looks at a second picture.
  std::vector<TrainingGroup> groups() const {
    std::vector<TrainingGroup> all;
    for (const char* name : {"a", "b", "c"}) {
      const auto prompt = policy_.prompt(name);
      TrainingGroup group{.prefix = prompt->tokens, .pixels = prompt->pixels, .items = {}};
      for (int64_t length : {1, 4, 17, 30})
        group.items.push_back(item(name, length));
      TrainingItem& last = group.items.back();
      const auto& seen = policy_.dialogue->picture_observation();
      last.tokens.insert(last.tokens.begin() + 3, seen.begin(), seen.end());
      last.trained.insert(last.trained.begin() + 3, seen.size(), 0);
      last.pixels = policy_.prompt(std::string(name) + "/seen")->pixels;
      all.push_back(std::move(group));
    }
    return all;
  }

  TrainingItem item(const std::string& name, int64_t length) const {
    Random random(2, Purpose::kData, std::hash<std::string>{}(name), static_cast<uint32_t>(length));
    TrainingItem item;
    item.task = "noise";
    for (int64_t i = 0; i < length; ++i) {
      item.tokens.push_back(static_cast<int32_t>(20 + random.below(300)));
      item.trained.push_back(i % 3 == 0 ? 1 : 0);
    }
    return item;
  }

  /// Gathers the gradients of a step in `ops`.
  StepResult backward(TrainOps& ops, const std::vector<TrainingGroup>& groups,
                      int64_t max_tokens) const {
    StepResult result;
    const ModelConfig& c = policy_.network.config;
    for (const PackedBatch& batch : pack(groups, {.image_token_id = c.image_token_id,
                                                 .layout = row_layout(c),
                                                 .max_tokens = max_tokens})) {
      const auto heads = ops.head(forward_batch(ops, batch), 1);
      const float* l = heads[0].data_ptr<float>();
      at::Tensor dlogprob = at::full({heads[0].numel()}, 0.0F);
      at::Tensor dentropy = at::full({heads[0].numel()}, 0.0F);
      for (size_t s = 0; s < batch.targets.size(); ++s) {
        result.loss -=
            static_cast<double>(batch.weights[s]) * (l[s] + 0.1 * heads[1].data_ptr<float>()[s]);
        dlogprob.data_ptr<float>()[s] = -batch.weights[s];
        dentropy.data_ptr<float>()[s] = -0.1F * batch.weights[s];
        result.logprobs[{batch.group[s], batch.item[s]}].push_back(l[s]);
      }
      torch::autograd::backward({heads[0], heads[1]}, {dlogprob, dentropy});
    }
    return result;
  }

  StepResult step(const std::vector<TrainingGroup>& groups, int64_t max_tokens, int threads = 2,
                  const WeightSet* weights = nullptr, bool checkpoint_blocks = false) const {
    Team team(threads);
    TrainOps ops(policy_.network, weights ? *weights : *policy_.weights, team);
    ops.checkpoint_blocks(checkpoint_blocks);
    StepResult result = backward(ops, groups, max_tokens);
    for (const TrainParameter& p : ops.parameters()) {
      const float* g = p.value.grad().data_ptr<float>();
      result.gradient.insert(result.gradient.end(), g, g + p.value.numel());
    }
    return result;
  }

  static double relative_difference(const std::vector<double>& a, const std::vector<double>& b) {
    double difference = 0;
    double norm = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      norm += a[i] * a[i];
    }
    return std::sqrt(difference / norm);
  }

  TinyPolicy policy_;
};

TEST_F(TrainOpsTest, GradientsAreTheSameForAnyMicroBatch) {
  const StepResult whole = step(groups(), 100000);
  for (const int64_t max_tokens : {1, 60, 150, 200}) {
    const StepResult cut = step(groups(), max_tokens);
    EXPECT_EQ(cut.logprobs, whole.logprobs) << max_tokens;
    EXPECT_LE(relative_difference(whole.gradient, cut.gradient), 2e-6) << max_tokens;
  }
}

TEST_F(TrainOpsTest, ASharedPrefixChangesNothing) {
  std::vector<TrainingGroup> alone;
  for (const TrainingGroup& group : groups())
    for (const TrainingItem& item : group.items)
      alone.push_back({.prefix = group.prefix, .pixels = group.pixels, .items = {item}});
  const StepResult shared = step(groups(), 100000);
  const StepResult repeated = step(alone, 100000);
  std::vector<std::vector<float>> a;
  std::vector<std::vector<float>> b;
  for (const auto& [place, logprobs] : shared.logprobs)
    a.push_back(logprobs);
  for (const auto& [place, logprobs] : repeated.logprobs)
    b.push_back(logprobs);
  EXPECT_EQ(a, b);
  EXPECT_LE(relative_difference(shared.gradient, repeated.gradient), 2e-6);
}

TEST_F(TrainOpsTest, ThreadsDoNotChangeABit) {
  const StepResult one = step(groups(), 150, 1);
  const StepResult three = step(groups(), 150, 3);
  EXPECT_EQ(one.logprobs, three.logprobs);
  EXPECT_EQ(one.gradient, three.gradient);
}

TEST_F(TrainOpsTest, BlocksThatAreComputedAgainGiveTheSameBits) {
  for (const int64_t max_tokens : {150, 100000}) {
    const StepResult kept = step(groups(), max_tokens);
    const StepResult again = step(groups(), max_tokens, 2, nullptr, true);
    EXPECT_EQ(kept.logprobs, again.logprobs);
    EXPECT_EQ(kept.gradient, again.gradient);
  }
}

TEST_F(TrainOpsTest, AnAdapterGathersWhatTheWeightsGradientProjectsTo) {
  const StepResult whole = step(groups(), 150);
  Team team(2);
  TrainOps ops(policy_.network, *policy_.weights, team);
  const auto id = static_cast<size_t>(policy_.network.decoder[0].down.weight);
  const NamedTensor& weight = (*policy_.weights)[id];
  const int64_t out = weight.shape[0], in = weight.shape[1], rank = 3;
  auto adapter = std::make_unique<Adapter>(make_adapter(weight.values, out, rank, 1.5F, 1, 0));
  Random random(3, Purpose::kData);
  for (float& x : adapter->b)
    x = static_cast<float>(random.normal());
  adapter->changed();
  ops.parameters()[id].adapter = std::move(adapter);
  backward(ops, groups(), 150);
  const Adapter& found = *ops.parameters()[id].adapter;
  EXPECT_FALSE(ops.parameters()[id].value.grad().defined());
  size_t begin = 0;
  for (size_t i = 0; i < id; ++i)
    begin += (*policy_.weights)[i].values.size();
  double difference = 0, norm = 0;
  for (int64_t r = 0; r < rank; ++r)
    for (int64_t i = 0; i < in; ++i) {
      double expected = 0;
      for (int64_t o = 0; o < out; ++o)
        expected += 0.5 * double{found.b[static_cast<size_t>(o * rank + r)]} *
                    whole.gradient[begin + static_cast<size_t>(o * in + i)];
      const double d = found.da[static_cast<size_t>(r * in + i)] - expected;
      difference += d * d;
      norm += expected * expected;
    }
  EXPECT_GT(norm, 0);
  EXPECT_LE(std::sqrt(difference / norm), 1e-5);
}

TEST_F(TrainOpsTest, TheGradientIsTheSlopeOfTheLoss) {
  const StepResult at = step(groups(), 100000);
  double norm = 0;
  for (const double g : at.gradient)
    norm += g * g;
  norm = std::sqrt(norm);
  constexpr double kStep = 1e-3;
  const auto moved = [&](double distance) {  // along the gradient, where the loss moves most
    WeightSet weights = *policy_.weights;
    size_t k = 0;
    for (NamedTensor& tensor : weights)
      for (float& w : tensor.values)
        w += static_cast<float>(distance * at.gradient[k++] / norm);
    return step(groups(), 100000, 2, &weights).loss;
  };
  const double slope = (moved(kStep) - moved(-kStep)) / (2 * kStep);
  EXPECT_NEAR(slope, norm, 0.005 * norm);
}

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
    const auto engine = make_policy_engine(
        model_.network, EngineConfig{},
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
