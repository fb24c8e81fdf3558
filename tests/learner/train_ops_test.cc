// SPDX-License-Identifier: Apache-2.0
#include "learner/train_ops.h"

#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include <ATen/ops/full.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "model/row_places.h"
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

}  // namespace
}  // namespace nelumbo
