// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "learner/config.h"
#include "reward/reward.h"
#include "rollout/policy_engine.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {

/// Something to learn for a tiny policy: lessons on tokens, and its own scored answers.
class LessonFixture : public ::testing::Test {
 protected:
  std::vector<TrainingGroup> lessons() const {
    std::vector<TrainingGroup> all;
    for (const char* name : {"a", "b"}) {
      const auto prompt = policy_.prompt(name);
      TrainingItem item;
      item.task = "locate";
      item.tokens = policy_.dialogue->answer_turn(name == std::string("a") ? "<g1><g2>" : "<g3>");
      item.trained.assign(item.tokens.size(), 1);
      all.push_back({.prefix = prompt->tokens, .pixels = prompt->pixels, .items = {item}});
    }
    return all;
  }

  /// Answers of the engine with these weights; sample 0 of each group is given the better score.
  std::vector<ScoredGroup> scored(std::shared_ptr<const WeightSet> weights,
                                  double temperature = 1) {
    const auto engine = make_policy_engine(policy_.network, {}, policy_.environment, team_);
    engine->load(std::move(weights), PolicyVersion{1});
    for (uint64_t id = 0; id < 3; ++id) {
      GroupRequest request{.id = GroupId{id},
                           .prompt = policy_.prompt("p" + std::to_string(id)),
                           .samples = 4,
                           .seed = 1,
                           .sampling = {}};
      request.sampling.max_new_tokens = 16;
      request.sampling.temperature = temperature;
      EXPECT_TRUE(engine->submit(request).ok());
    }
    std::vector<ScoredGroup> all;
    while (!engine->idle())
      for (Group& group : engine->step()) {
        ScoredGroup one{std::make_shared<const Group>(std::move(group)), std::vector<Outcome>(4)};
        one.outcomes[0].total = one.outcomes[0].rule = 1;
        all.push_back(std::move(one));
      }
    return all;
  }

  TinyPolicy policy_;
  Team team_{2};
  TokenStageConfig stage_{.steps = 40, .optimizer = {.lr = 1e-2, .warmup = 1}};
  RlConfig rl_{.steps = 10, .optimizer = {.lr = 1e-3, .warmup = 1}};
};

}  // namespace nelumbo
