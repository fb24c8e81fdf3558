// SPDX-License-Identifier: Apache-2.0
#include "model/network.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/small_model.h"

namespace nelumbo {
namespace {

TEST(Network, NamesEveryParameterOnce) {
  const Network network = make_network(small_model());
  std::set<std::string> names;
  for (const ParameterInfo& info : network.parameters)
    names.insert(info.name);
  EXPECT_EQ(names.size(), network.parameters.size());
  EXPECT_TRUE(names.contains("model.vision_model.encoder.layers.1.self_attn.out_proj.bias"));
  EXPECT_TRUE(names.contains("model.text_model.layers.1.mlp.gate_proj.weight"));
}

TEST(Network, GroupedKeysHaveTheirOwnWidth) {
  const Network network = make_network(small_model());
  const auto& info = network.parameters[static_cast<size_t>(network.decoder[0].k.weight)];
  EXPECT_EQ(info.shape, (std::vector<int64_t>{8, 16}));
}

TEST(Network, ATiedHeadIsTheEmbedding) {
  EXPECT_EQ(make_network(small_model()).head, make_network(small_model()).token_embedding);
  ModelConfig config = small_model();
  config.decoder.tie_embeddings = false;
  const Network untied = make_network(config);
  EXPECT_EQ(untied.parameters[static_cast<size_t>(untied.head)].name, "lm_head.weight");
}

TEST(InitialWeights, DependOnTheSeedAlone) {
  const Network network = make_network(small_model());
  const WeightSet first = initial_weights(network, 1);
  EXPECT_EQ(first[0].values, initial_weights(network, 1)[0].values);
  EXPECT_NE(first[0].values, initial_weights(network, 2)[0].values);
}

TEST(InitialWeights, StartNormsAtOneAndBiasesAtZero) {
  const Network network = make_network(small_model());
  const WeightSet weights = initial_weights(network, 1);
  for (const float x : weights[static_cast<size_t>(network.final_norm)].values)
    EXPECT_EQ(x, 1.0F);
  for (const float x : weights[static_cast<size_t>(*network.vision[0].q.bias)].values)
    EXPECT_EQ(x, 0.0F);
}

TEST(ArrangeWeights, BringsTensorsIntoTheNetworksOrder) {
  const Network network = make_network(small_model());
  WeightSet weights = initial_weights(network, 3);
  std::swap(weights.front(), weights.back());
  const auto arranged = arrange_weights(network, weights);
  ASSERT_TRUE(arranged.ok()) << arranged.error().message;
  for (size_t i = 0; i < network.parameters.size(); ++i)
    EXPECT_EQ(arranged.value()[i].name, network.parameters[i].name);
}

std::string complaint(WeightSet weights) {
  const auto arranged = arrange_weights(make_network(small_model()), std::move(weights));
  return arranged ? "none" : arranged.error().message;
}

TEST(ArrangeWeights, NamesTheTensorAtFault) {
  const WeightSet good = initial_weights(make_network(small_model()), 1);
  WeightSet missing(good.begin() + 1, good.end());
  EXPECT_EQ(complaint(missing), "weights: tensor '" + good[0].name + "' is missing");

  WeightSet unknown = good;
  unknown.push_back({"extra", {1}, {0}});
  EXPECT_EQ(complaint(unknown), "weights: tensor 'extra' is unknown to this architecture");

  WeightSet reshaped = good;
  reshaped[1].shape = {1};
  EXPECT_EQ(complaint(reshaped),
            "weights: tensor '" + good[1].name + "' has another shape than config.json says");

  WeightSet infinite = good;
  infinite[0].values[3] = INFINITY;
  EXPECT_EQ(complaint(infinite),
            "weights: tensor '" + good[0].name + "' holds a value that is not finite");
}

}  // namespace
}  // namespace nelumbo
