// SPDX-License-Identifier: Apache-2.0
#include "rollout/prompt_scores.h"

#include <gtest/gtest.h>

#include "model/scoring.h"
#include "rollout/policy_engine.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

/// What an engine says of the tokens of a prompt.
std::vector<float> scored(const TinyPolicy& policy, const EngineConfig& config,
                          const std::shared_ptr<const Prompt>& prompt) {
  Team team(2);
  const auto engine = make_policy_engine(policy.network, config, policy.environment, team);
  engine->load(policy.weights, PolicyVersion{1});
  GroupRequest request;
  request.id = GroupId{4};
  request.prompt = prompt;
  request.samples = 2;
  request.sampling.max_new_tokens = 3;
  request.wishes = ServedWishes{{}, 2, true};
  EXPECT_TRUE(engine->submit(request).ok());
  std::vector<float> logprobs;
  while (!engine->idle()) {
    engine->step();
    for (const TokenNews& news : engine->news()) {
      if (news.sample)
        continue;
      EXPECT_EQ(news.token, prompt->tokens[logprobs.size() + 1]);
      EXPECT_EQ(news.likeliest.size(), 2U);
      EXPECT_LE(news.logprob, news.likeliest[0].logprob);
      logprobs.push_back(news.logprob);
    }
  }
  return logprobs;
}

/// A prompt of more tokens than are scored at once.
std::shared_ptr<const Prompt> long_prompt(const TinyPolicy& policy) {
  auto prompt = std::make_shared<Prompt>(*policy.prompt("noise/1"));
  for (int32_t i = 0; i < 150; ++i)
    prompt->tokens.push_back(100 + i);
  return prompt;
}

TEST(PromptScores, AreThoseOfScoringBitForBit) {
  const TinyPolicy policy;
  const auto prompt = long_prompt(policy);
  Team team(1);
  const EngineWeights weights(policy.network, policy.weights, team);
  const std::vector<float> expected =
      score_tokens(policy.network, weights, team, prompt->tokens, prompt->pixels);
  EXPECT_EQ(scored(policy, {}, prompt), expected);
  EXPECT_EQ(scored(policy, {.prefill_tokens = 7}, prompt), expected);
}

}  // namespace
}  // namespace nelumbo
