// SPDX-License-Identifier: Apache-2.0
#include "model/engine_weights.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

/// Whether both hold the same bits.
void expect_equal(const Network& network, const EngineWeights& a, const EngineWeights& b) {
  for (size_t i = 0; i < network.parameters.size(); ++i) {
    const auto id = static_cast<ParameterId>(i);
    const int64_t size = a.matrix(id).panels.size();
    ASSERT_EQ(b.matrix(id).panels.size(), size) << network.parameters[i].name;
    EXPECT_TRUE(std::equal(a.matrix(id).panels.data(), a.matrix(id).panels.data() + size,
                           b.matrix(id).panels.data()))
        << network.parameters[i].name;
    if (size == 0) {
      EXPECT_EQ(a.values(id)[0], b.values(id)[0]) << network.parameters[i].name;
    }
  }
}

TEST(EngineWeights, AreTheSameHoweverTheyAreRead) {
  Team team(2);
  for (const char* name : {"llama_untied_sharded_rope_llama3", "qwen2_bf16", "smolvlm"}) {
    const ParityModel model(name);
    const EngineWeights copied(model.network, model.weights, team);
    const auto files = WeightFiles::open(parity_folder(name));
    ASSERT_TRUE(files.ok()) << files.error().message;
    const auto streamed = EngineWeights::read(model.network, files.value(), team);
    ASSERT_TRUE(streamed.ok()) << streamed.error().message;
    expect_equal(model.network, copied, *streamed.value());
    const auto one_by_one = EngineWeights::read(
        model.network, [&](const std::string& tensor) { return files.value().read(tensor); }, team);
    ASSERT_TRUE(one_by_one.ok()) << one_by_one.error().message;
    expect_equal(model.network, copied, *one_by_one.value());
  }
}

TEST(EngineWeights, AreRoundedOnTheWay) {
  Team team(1);
  ParityModel model("llama_tied");
  model.network.type = StoredType::kBf16;
  WeightSet rounded = *model.weights;
  for (NamedTensor& tensor : rounded)
    round_to(StoredType::kBf16, tensor.values);
  const auto files = WeightFiles::open(parity_folder("llama_tied"));
  ASSERT_TRUE(files.ok());
  const auto streamed = EngineWeights::read(model.network, files.value(), team);
  ASSERT_TRUE(streamed.ok()) << streamed.error().message;
  expect_equal(model.network,
               EngineWeights(model.network, std::make_shared<const WeightSet>(rounded), team),
               *streamed.value());
}

TEST(EngineWeights, OfAnEngineInInt8AreSoInTheDecoderAloneAndTheHeadIsBf16) {
  Team team(2);
  ParityModel model("smolvlm");
  model.network.products = EngineProducts::kInt8;
  const EngineWeights copied(model.network, model.weights, team);
  const auto files = WeightFiles::open(parity_folder("smolvlm"));
  ASSERT_TRUE(files.ok()) << files.error().message;
  const auto streamed = EngineWeights::read(model.network, files.value(), team);
  ASSERT_TRUE(streamed.ok()) << streamed.error().message;
  for (size_t i = 0; i < model.network.parameters.size(); ++i) {
    const auto id = static_cast<ParameterId>(i);
    const PackedMatrix &a = copied.matrix(id), &b = streamed.value()->matrix(id);
    const std::string& name = model.network.parameters[i].name;
    if (a.panels.size() == 0)
      continue;
    const bool rounded =
        name.find("text_model.layers.") != std::string::npos && name.ends_with("_proj.weight");
    EXPECT_EQ(a.precision, rounded                    ? Precision::kInt8
                           : id == model.network.head ? Precision::kBfloat16
                                                      : Precision::kFloat32)
        << name;
    ASSERT_EQ(a.precision, b.precision) << name;
    EXPECT_TRUE(std::equal(a.cells(), a.cells() + a.panels.size(), b.cells())) << name;
  }
}

TEST(EngineWeights, GiveBackTheRowOfAToken) {
  Team team(1);
  const ParityModel model("llama_tied");
  const EngineWeights weights(model.network, model.weights, team);
  const ParameterId id = model.network.token_embedding;
  const NamedTensor& table = (*model.weights)[static_cast<size_t>(id)];
  std::vector<float> row(static_cast<size_t>(table.shape[1]));
  for (const int64_t token : {int64_t{0}, int64_t{63}, int64_t{64}, table.shape[0] - 1}) {
    weights.row(id, token, row.data());
    EXPECT_TRUE(
        std::equal(row.begin(), row.end(),
                   table.values.begin() + static_cast<std::ptrdiff_t>(token * table.shape[1])));
  }
}

TEST(EngineWeights, AreRefusedWhereTheyAreAnotherNetworks) {
  Team team(1);
  const ParityModel model("llama_tied");
  const auto files = WeightFiles::open(parity_folder("qwen3"));
  ASSERT_TRUE(files.ok());
  const auto read = EngineWeights::read(model.network, files.value(), team);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kBadData);
  EXPECT_NE(read.error().message.find("weights: tensor '"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
