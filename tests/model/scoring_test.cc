// SPDX-License-Identifier: Apache-2.0
#include "model/scoring.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "model/image_processor.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

class Scoring : public testing::TestWithParam<const char*> {
 protected:
  std::vector<float> scored(const std::vector<int32_t>& tokens) {
    return score_tokens(model_.network, weights_, team_, tokens);
  }

  ParityModel model_{GetParam()};
  Team team_{2};
  EngineWeights weights_{model_.network, model_.weights, team_};
};

TEST_P(Scoring, GivesTheLogProbsOfTransformers) {
  const nlohmann::json sequences = parity_json(GetParam(), "logprobs.json")["sequences"];
  for (const auto& sequence : sequences) {
    const auto expected = sequence["logprobs"].get<std::vector<double>>();
    const std::vector<float> logprobs = scored(sequence["ids"].get<std::vector<int32_t>>());
    ASSERT_EQ(logprobs.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(double{logprobs[i]}, expected[i], 1e-4) << "token " << i + 1;
  }
}

TEST_P(Scoring, GivesTheLogProbsOfGreedyTokens) {
  const auto greedy = parity_json(GetParam(), "logprobs.json")["greedy"];
  auto tokens = greedy["prompt"].get<std::vector<int32_t>>();
  const auto behind = static_cast<std::ptrdiff_t>(tokens.size()) - 1;
  for (const auto& token : greedy["tokens"])
    tokens.push_back(token);
  const std::vector<float> logprobs = scored(tokens);
  const auto expected = greedy["logprobs"].get<std::vector<double>>();
  for (std::ptrdiff_t i = 0; i < std::ssize(expected); ++i)
    EXPECT_NEAR(double{logprobs[static_cast<size_t>(behind + i)]}, expected[static_cast<size_t>(i)],
                1e-4);
}

TEST_P(Scoring, ATokenDoesNotSeeWhatFollows) {
  std::vector<int32_t> tokens(600);
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<int32_t>((7 * i * i + 3 * i) % 800);
  const std::vector<float> all = scored(tokens);
  tokens.resize(300);
  const std::vector<float> some = scored(tokens);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

TEST_P(Scoring, GivesTheSameBitsForTheTokenThatMightComeNext) {
  std::vector<int32_t> tokens(300);
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<int32_t>((5 * i * i + i) % 800);
  const std::vector<int32_t> candidates = {3, 700, 3, 41};
  const std::vector<float> next =
      next_logprobs(model_.network, weights_, team_, tokens, candidates);
  ASSERT_EQ(next.size(), candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    std::vector<int32_t> longer = tokens;
    longer.push_back(candidates[i]);
    EXPECT_EQ(next[i], scored(longer).back()) << candidates[i];
  }
}

TEST_P(Scoring, OneTokenHasNoLogProb) {
  EXPECT_TRUE(scored({5}).empty());
}

class ScoringPictures : public testing::TestWithParam<const char*> {};

TEST_P(ScoringPictures, GivesTheLogProbsOfTransformers) {
  const std::string folder = parity_folder(GetParam());
  const ParityModel model(GetParam());
  Team team(2);
  const EngineWeights weights(model.network, model.weights, team);
  const auto processor = read_image_processor(folder, model.network.config);
  ASSERT_TRUE(processor.ok()) << processor.error().message;
  const nlohmann::json ones = parity_json(GetParam(), "cases.json")["cases"];
  for (const auto& one : ones) {
    std::vector<Pixels> pixels;
    for (const auto& path : one["images"]) {
      const auto image = read_image(folder + "/" + path.get<std::string>());
      ASSERT_TRUE(image.ok()) << image.error().message;
      const auto seen = processor.value()->see(image.value());
      ASSERT_TRUE(seen.ok());
      pixels.insert(pixels.end(), seen.value().pixels.begin(), seen.value().pixels.end());
    }
    auto tokens = one["input_ids"].get<std::vector<int32_t>>();
    for (const auto& token : one["continuation_ids"])
      tokens.push_back(token);
    const std::vector<float> logprobs = score_tokens(model.network, weights, team, tokens, pixels);
    const auto expected = one["all_logprobs"].get<std::vector<double>>();
    ASSERT_EQ(logprobs.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(double{logprobs[i]}, expected[i], 2e-4) << "token " << i + 1;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, ScoringPictures, testing::ValuesIn(kVisionModels),
                         [](const auto& model) { return std::string(model.param); });

INSTANTIATE_TEST_SUITE_P(Families, Scoring, testing::ValuesIn(kTextModels),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
}  // namespace nelumbo
