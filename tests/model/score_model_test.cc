// SPDX-License-Identifier: Apache-2.0
#include "model/score_model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class ScoreModelTest : public testing::Test {
 protected:
  static float half(size_t /*i*/) { return 0.5F; }

  /// The tiny Llama with a head, whose bias counts where it judges steps.
  void write(ScoreUse use, const std::function<float(size_t)>& weight = half, float bias = 2) {
    const ScoreNetwork network = make_score_network(policy_.network.config, StoredType::kF32, use);
    WeightSet weights = begin_score_model(network, *policy_.weights);
    for (NamedTensor& tensor : weights)
      for (size_t i = 0; is_score(tensor.name) && i < tensor.values.size(); ++i)
        tensor.values[i] = tensor.name == "score.bias" ? bias : weight(i);
    ASSERT_TRUE(write_safetensors(folder_ / "model.safetensors", weights).ok());
    const auto policy = read_file(parity_folder("llama_tied") + "/config.json", 1 << 20);
    const auto config = score_config_json(policy.value(), use, "config.json");
    ASSERT_TRUE(config.ok()) << config.error().message;
    std::ofstream(folder_ / "config.json") << config.value();
  }

  void change(const std::function<void(nlohmann::json&)>& edit) {
    auto config = nlohmann::json::parse(read_file(folder_ / "config.json", 1 << 20).value());
    edit(config);
    std::ofstream(folder_ / "config.json") << config.dump();
  }

  std::string complaint() {
    const auto model = read_score_model(folder_.path());
    return model ? "none" : model.error().message;
  }

  ParityModel policy_{"llama_tied"};
  TemporaryFolder folder_;
  Team team_{2};
};

TEST_F(ScoreModelTest, ReadsWhatItWroteAndTellsTheUse) {
  for (const ScoreUse use : {ScoreUse::kAnswer, ScoreUse::kSteps}) {
    write(use);
    const auto model = read_score_model(folder_.path());
    ASSERT_TRUE(model.ok()) << model.error().message;
    EXPECT_EQ(model.value().use, use);
    const std::vector<int32_t> tokens = {1, 5, 9, 2};
    const auto scores = model.value().scores(team_, tokens);
    ASSERT_EQ(scores.size(), 4U);
    EXPECT_NE(scores[1], scores[2]);
  }
}

TEST_F(ScoreModelTest, GivesTheScoresOfTransformers) {
  for (const ScoreUse use : {ScoreUse::kAnswer, ScoreUse::kSteps}) {
    write(
        use, [](size_t i) { return static_cast<float>(std::sin(double(i) + 1)); }, 0.25F);
    const auto model = read_score_model(folder_.path());
    ASSERT_TRUE(model.ok()) << model.error().message;
    for (const auto& sequence : parity_json("", "scores.json")) {
      const auto ids = sequence["ids"].get<std::vector<int32_t>>();
      const auto scores = model.value().scores(team_, ids);
      if (use == ScoreUse::kAnswer) {
        EXPECT_NEAR(scores.back(), sequence["answer"].get<double>(), 1e-4);
        continue;
      }
      const auto expected = sequence["steps"].get<std::vector<double>>();
      ASSERT_EQ(scores.size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i)
        EXPECT_NEAR(scores[i], expected[i], 1e-4) << "token " << i;
    }
  }
}

TEST_F(ScoreModelTest, TheBiasIsAddedToEachScore) {
  const std::vector<int32_t> tokens = {1, 5, 9, 2};
  write(ScoreUse::kAnswer);
  const auto plain = read_score_model(folder_.path()).value().scores(team_, tokens);
  write(ScoreUse::kSteps);
  const auto biased = read_score_model(folder_.path()).value().scores(team_, tokens);
  for (size_t i = 0; i < tokens.size(); ++i)
    EXPECT_NEAR(biased[i], plain[i] + 2, 1e-5);
}

TEST_F(ScoreModelTest, ATokenDoesNotSeeWhatFollows) {
  write(ScoreUse::kAnswer);
  const auto model = read_score_model(folder_.path());
  std::vector<int32_t> tokens(600);
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<int32_t>((7 * i * i + 3 * i) % 800);
  const auto all = model.value().scores(team_, tokens);
  tokens.resize(300);
  const auto some = model.value().scores(team_, tokens);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

TEST_F(ScoreModelTest, ConfigNamesTheClassOfTransformers) {
  write(ScoreUse::kAnswer);
  auto config = nlohmann::json::parse(read_file(folder_ / "config.json", 1 << 20).value());
  EXPECT_EQ(config["architectures"][0], "LlamaForSequenceClassification");
  EXPECT_EQ(config["id2label"].size(), 1U);
  ASSERT_TRUE(config.contains("pad_token_id"));
  EXPECT_TRUE(config["pad_token_id"].is_null());
  write(ScoreUse::kSteps);
  config = nlohmann::json::parse(read_file(folder_ / "config.json", 1 << 20).value());
  EXPECT_EQ(config["architectures"][0], "LlamaForTokenClassification");
}

TEST_F(ScoreModelTest, RefusesWhatIsNoScoreModel) {
  EXPECT_NE(complaint().find("no score model here"), std::string::npos);
  write(ScoreUse::kAnswer);
  change([](auto& config) { config["architectures"] = {"LlamaForCausalLM"}; });
  EXPECT_NE(complaint().find("architectures: must be one class that ends in"), std::string::npos);
  write(ScoreUse::kAnswer);
  change([](auto& config) { config["id2label"]["1"] = "bad"; });
  EXPECT_NE(complaint().find("id2label: must have one label, the score, not 2"), std::string::npos);
  change([](auto& config) { config.erase("id2label"); });
  EXPECT_NE(complaint().find("not 2"), std::string::npos);
  write(ScoreUse::kAnswer);
  change([](auto& config) { config["architectures"] = {"LlamaForTokenClassification"}; });
  EXPECT_NE(complaint().find("score.bias' is missing"), std::string::npos);
}

TEST_F(ScoreModelTest, LeavesTheHeadOverTokensOut) {
  const ParityModel untied("llama_untied_sharded_rope_llama3");
  const ScoreNetwork network =
      make_score_network(untied.network.config, StoredType::kF32, ScoreUse::kAnswer);
  for (const NamedTensor& tensor : begin_score_model(network, *untied.weights))
    EXPECT_NE(tensor.name, "lm_head.weight");
}

}  // namespace
}  // namespace nelumbo
