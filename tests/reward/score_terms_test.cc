// SPDX-License-Identifier: Apache-2.0
#include "reward/score_terms.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "model/score_model.h"
#include "reward/reward.h"
#include "tests/reward/stage.h"
#include "tests/support/chat_model_folder.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// A score model over the tiny chat model, whose head is 0.5 everywhere.
class ScoreTermsTest : public testing::Test {
 protected:
  ScoreTermsTest() { put_chat_model(folder_.path()); }

  void write(ScoreUse use, double f1 = 0.9) {
    const ParityModel policy("llama_tied");
    const ScoreNetwork network = make_score_network(policy.network.config, StoredType::kF32, use);
    WeightSet weights = begin_score_model(network, *policy.weights);
    for (NamedTensor& tensor : weights)
      if (is_score(tensor.name))
        tensor.values.assign(tensor.values.size(), 0.5F);
    NELUMBO_CHECK(write_safetensors(folder_ / "model.safetensors", weights).ok());
    const auto policy_config = read_file(parity_folder("llama_tied") + "/config.json", 1 << 20);
    std::ofstream(folder_ / "config.json")
        << score_config_json(policy_config.value(), use, "config.json").value();
    std::ofstream(folder_ / "measured.json")
        << R"({"stage": "prm", "f1": )" << f1 << R"(, "weights": ")" << weights_hash(weights)
        << "\"}";
  }

  std::string term(const std::string& more = "") const {
    return "{kind: reward_model, model: " + folder_.path() + more + "}";
  }
  std::string check(const std::string& more = "") const {
    return "{kind: learned, model: " + folder_.path() + more + "}";
  }

  std::string complaint(const std::string& yaml) {
    TermHeader header;
    const auto read = read_rule_term(node_of(yaml), header);
    return read ? "none" : read.error().message;
  }
  std::string complaint_of_check(const std::string& yaml) {
    StepHeader header;
    const auto read = read_learned(node_of(yaml), header);
    return read ? "none" : read.error().message;
  }

  /// The score at the last of some tokens.
  double score_of(const std::vector<int32_t>& tokens) {
    return read_score_model(folder_.path()).value().scores(team_, tokens).back();
  }

  Prompt prompt_ = [] {
    Prompt prompt = prompt_with({});
    prompt.tokens = {1, 5, 9};
    return prompt;
  }();
  Trajectory said_ = [] {
    Trajectory said;
    said.tokens = {7, 8, 2};
    said.text = "four";
    said.thoughts = {{"a | b | c", 0, 2}, {"c | d | e", 2, 3}};
    return said;
  }();
  TemporaryFolder folder_;
  Team team_{1};
};

TEST_F(ScoreTermsTest, IsTheSigmoidOfTheScoreAtTheLastToken) {
  write(ScoreUse::kAnswer);
  const double score = score_of({1, 5, 9, 7, 8, 2});
  EXPECT_NEAR(judged(term(), prompt_, said_).value, 1 / (1 + std::exp(-score)), 1e-9);
  EXPECT_NEAR(judged(term(", center: 1, scale: 2"), prompt_, said_).value,
              1 / (1 + std::exp(-(score - 1) / 2)), 1e-9);
}

TEST_F(ScoreTermsTest, ReadsTheTextWhereThereAreNoTokens) {
  write(ScoreUse::kAnswer);
  Prompt bare = prompt_;
  bare.tokens.clear();
  const double value = judged(term(), bare, said_).value;
  EXPECT_EQ(value, judged(term(", read: text"), prompt_, said_).value);
  EXPECT_GE(value, 0);
  EXPECT_LE(value, 1);
  Trajectory other = said_;
  other.text = "five and a half";
  EXPECT_NE(value, judged(term(), bare, other).value);
}

TEST_F(ScoreTermsTest, TokensOfAnotherFamilyAreAFailureAndNoScore) {
  write(ScoreUse::kAnswer);
  said_.tokens = {1'000'000};
  const Verdict verdict = judged(term(), prompt_, said_);
  EXPECT_EQ(verdict.value, -200);
  EXPECT_NE(verdict.evidence.find("say 'read: text'"), std::string::npos) << verdict.evidence;
}

TEST_F(ScoreTermsTest, AFaultyStepIsOneThatTheJudgeDoubts) {
  write(ScoreUse::kSteps);
  const double first = 1 / (1 + std::exp(-score_of({1, 5, 9, 7, 8})));
  const double second = 1 / (1 + std::exp(-score_of({1, 5, 9, 7, 8, 2})));
  ASSERT_NE(first, second);
  StepHeader header;
  const auto read =
      read_learned(node_of(check(", threshold: " + std::to_string((first + second) / 2))), header);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(header.factor, 0.5);
  const auto faults = read.value()->faults({prompt_, said_});
  ASSERT_TRUE(faults.ok()) << faults.error().message;
  ASSERT_EQ(faults.value().size(), 1U);
  EXPECT_EQ(faults.value()[0].first_token, first < second ? 0 : 2);
}

TEST_F(ScoreTermsTest, StepsWithoutTokensAreReadAsText) {
  write(ScoreUse::kSteps);
  Prompt bare = prompt_;
  bare.tokens.clear();
  said_.text = "a | b | c\nc | d | e\n";
  StepHeader header;
  const auto faults_below = [&](double threshold) {
    const auto read =
        read_learned(node_of(check(", threshold: " + std::to_string(threshold))), header);
    NELUMBO_CHECK(read.ok()) << read.error().message;
    return read.value()->faults({bare, said_});
  };
  EXPECT_EQ(faults_below(0.99).value().size(), 2U);
  EXPECT_EQ(faults_below(0.01).value().size(), 0U);
  said_.text = "a | b | c";
  const auto missing = faults_below(0.5);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("'c | d | e' does not stand in the text"),
            std::string::npos);
}

TEST_F(ScoreTermsTest, AJudgeThatFindsTooLittleIsRefused) {
  write(ScoreUse::kSteps, 0.69);
  EXPECT_NE(complaint_of_check(check()).find("with an F1 of 0.69 when it was measured; 0.7 is"),
            std::string::npos)
      << complaint_of_check(check());
  write(ScoreUse::kSteps, 0.7);
  EXPECT_EQ(complaint_of_check(check()), "none");
}

TEST_F(ScoreTermsTest, AJudgeWithoutAFigureOfItsOwnIsRefused) {
  write(ScoreUse::kSteps);
  std::filesystem::remove(folder_ / "measured.json");
  EXPECT_NE(complaint_of_check(check()).find("measured.json"), std::string::npos);
  std::ofstream(folder_ / "measured.json") << R"({"stage": "prm", "f1": 1, "weights": "other"})";
  EXPECT_NE(complaint_of_check(check()).find("was measured on other weights"), std::string::npos);
  std::ofstream(folder_ / "measured.json") << R"({"stage": "prm"})";
  EXPECT_NE(complaint_of_check(check()).find("says no f1"), std::string::npos);
  std::ofstream(folder_ / "measured.json") << "[1]";
  EXPECT_NE(complaint_of_check(check()).find("says no f1"), std::string::npos);
}

TEST_F(ScoreTermsTest, EachUseHasItsOwnKindOfModel) {
  write(ScoreUse::kSteps);
  EXPECT_NE(complaint(term()).find("judges steps"), std::string::npos);
  write(ScoreUse::kAnswer);
  EXPECT_NE(complaint_of_check(check()).find("scores whole answers"), std::string::npos);
  EXPECT_NE(complaint("{kind: reward_model}").find("needs a model"), std::string::npos);
  EXPECT_NE(complaint("{kind: reward_model, model: nowhere}").find("no score model here"),
            std::string::npos);
}

TEST_F(ScoreTermsTest, TheHashOfASpecificationCoversTheWeights) {
  write(ScoreUse::kAnswer);
  const std::string yaml =
      "specs:\n  chat:\n    layers:\n      rule:\n        terms:\n          - " + term() +
      "\n    on: {turns: zero}\n";
  const auto before = RewardSpec::parse(yaml, "s.yaml");
  ASSERT_TRUE(before.ok()) << before.error().message;
  std::ofstream(folder_ / "measured.json") << "{}";
  const auto after = RewardSpec::parse(yaml, "s.yaml");
  ASSERT_TRUE(after.ok());
  EXPECT_NE(before.value()->hash(), after.value()->hash());
}

TEST_F(ScoreTermsTest, StepsWithoutTokensCannotBeJudged) {
  write(ScoreUse::kSteps);
  StepHeader header;
  const auto read = read_learned(node_of(check()), header);
  ASSERT_TRUE(read.ok());
  prompt_.tokens.clear();
  EXPECT_FALSE(read.value()->faults({prompt_, said_}).ok());
  said_.thoughts.clear();
  EXPECT_TRUE(read.value()->faults({prompt_, said_}).value().empty());
}

}  // namespace
}  // namespace nelumbo
