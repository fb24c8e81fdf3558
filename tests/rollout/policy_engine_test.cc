// SPDX-License-Identifier: Apache-2.0
#include "rollout/policy_engine.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

class PolicyEngineTest : public ::testing::Test {
 protected:
  GroupRequest request(uint64_t id, int32_t samples, double temperature = 1) {
    GroupRequest r;
    r.id = GroupId{id};
    r.prompt = policy_.prompt("noise/" + std::to_string(id));
    r.samples = samples;
    r.seed = 11;
    r.sampling.temperature = temperature;
    r.sampling.max_new_tokens = 12;
    return r;
  }

  std::vector<Group> answers(const EngineConfig& config, std::vector<GroupRequest> requests,
                             int threads = 2) {
    Team team(threads);
    const auto engine = make_policy_engine(policy_.network, config, policy_.environment, team);
    engine->load(policy_.weights, PolicyVersion{7});
    for (GroupRequest& r : requests)
      EXPECT_TRUE(engine->submit(std::move(r)).ok());
    std::vector<Group> all;
    while (!engine->idle())
      for (Group& group : engine->step())
        all.push_back(std::move(group));
    std::sort(all.begin(), all.end(), [](const Group& a, const Group& b) { return a.id < b.id; });
    return all;
  }

  TinyPolicy policy_;
};

void expect_equal(const Group& a, const Group& b) {
  ASSERT_EQ(a.trajectories.size(), b.trajectories.size());
  for (size_t i = 0; i < a.trajectories.size(); ++i) {
    EXPECT_EQ(a.trajectories[i].tokens, b.trajectories[i].tokens);
    EXPECT_EQ(a.trajectories[i].logprobs, b.trajectories[i].logprobs);
    EXPECT_EQ(a.trajectories[i].entropies, b.trajectories[i].entropies);
  }
}

TEST_F(PolicyEngineTest, AnswersEachPromptAsOftenAsAsked) {
  const auto groups = answers({}, {request(1, 3), request(2, 5)});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].trajectories.size(), 3U);
  EXPECT_EQ(groups[1].trajectories.size(), 5U);
  for (const Trajectory& t : groups[1].trajectories) {
    EXPECT_EQ(t.group, GroupId{2});
    EXPECT_EQ(t.version, PolicyVersion{7});
    EXPECT_EQ(t.tokens.size(), t.sampled.size());
    EXPECT_EQ(t.tokens.size(), t.logprobs.size());
  }
  EXPECT_NE(groups[1].trajectories[0].tokens, groups[1].trajectories[1].tokens);
}

TEST_F(PolicyEngineTest, ATraceDoesNotDependOnWhoElseIsServed) {
  const auto alone = answers({}, {request(1, 4)});
  const auto crowd = answers({}, {request(5, 8), request(1, 4), request(2, 8), request(3, 8)});
  expect_equal(alone[0], crowd[0]);
}

TEST_F(PolicyEngineTest, ATraceDoesNotDependOnChunksBatchesOrThreads) {
  const auto plain = answers({}, {request(1, 4), request(2, 4), request(3, 4)});
  const auto tight = answers({.max_batch = 3, .prefill_tokens = 3},
                             {request(1, 4), request(2, 4), request(3, 4)}, 1);
  for (size_t i = 0; i < plain.size(); ++i)
    expect_equal(plain[i], tight[i]);
}

TEST_F(PolicyEngineTest, ATraceDoesNotDependOnKeysThatEarlierPromptsLeft) {
  const auto plain = answers({.prefix_blocks = 0}, {request(1, 2), request(2, 2)});
  for (const int64_t kept : {1, 3, 512}) {
    Team team(1);
    const auto engine = make_policy_engine(
        policy_.network, {.prefill_tokens = 7, .prefix_blocks = kept}, policy_.environment, team);
    engine->load(policy_.weights, PolicyVersion{7});
    const int64_t prompt = std::ssize(request(1, 2).prompt->tokens);
    for (int round = 0; round < 2; ++round)
      for (uint64_t id : {1, 2}) {
        ASSERT_TRUE(engine->submit(request(id, 2)).ok());
        std::vector<Group> done;
        while (done.empty())
          done = engine->step();
        expect_equal(plain[id - 1], done[0]);
        EXPECT_EQ(engine->occupancy().key_blocks_in_use, 0);
      }
    const EngineWork work = engine->work();
    EXPECT_EQ(work.prompt_rows + work.reused_rows, 4 * prompt);
    // The second round finds the front of each prompt, but for its last row at least.
    const int64_t each = std::min((prompt - 1) / kKeyBlock, kept) * kKeyBlock;
    EXPECT_GE(work.reused_rows, kept == 512 ? 2 * each : 0);
    engine->load(policy_.weights, PolicyVersion{8});
    ASSERT_TRUE(engine->submit(request(1, 1)).ok());
    while (!engine->idle())
      engine->step();
    EXPECT_EQ(engine->work().reused_rows, work.reused_rows) << "keys of other weights";
  }
}

TEST_F(PolicyEngineTest, PromptsOfOneStepShareWhatTheyBeginWith) {
  GroupRequest twin = request(1, 2);
  twin.id = GroupId{2};
  const auto plain = answers({.prefix_blocks = 0}, {request(1, 2)});
  Team team(1);
  const auto engine = make_policy_engine(policy_.network, {}, policy_.environment, team);
  engine->load(policy_.weights, PolicyVersion{7});
  ASSERT_TRUE(engine->submit(request(1, 2)).ok());
  ASSERT_TRUE(engine->submit(twin).ok());
  std::vector<Group> done;
  while (!engine->idle())
    for (Group& group : engine->step())
      done.push_back(std::move(group));
  ASSERT_EQ(done.size(), 2U);
  expect_equal(plain[0], done[0]);
  expect_equal(plain[0], done[1]);
  const int64_t prompt = std::ssize(twin.prompt->tokens);
  EXPECT_EQ(engine->work().reused_rows, (prompt - 1) / kKeyBlock * kKeyBlock);
}

TEST_F(PolicyEngineTest, KeptBlocksGiveWayToPrompts) {
  const std::vector<GroupRequest> all = {request(1, 4), request(2, 4), request(3, 4)};
  const auto plain = answers({}, all);
  const auto scarce = answers({.key_blocks = 40, .prefix_blocks = 40}, all);
  ASSERT_EQ(scarce.size(), 3U);
  for (size_t i = 0; i < plain.size(); ++i)
    expect_equal(plain[i], scarce[i]);
}

TEST_F(PolicyEngineTest, InInt8ATraceIsCloseAndDependsOnItselfAloneToo) {
  const auto exact = answers({}, {request(1, 4)});
  EXPECT_TRUE(exact[0].exact);
  policy_.network.products = EngineProducts::kInt8;
  const auto alone = answers({}, {request(1, 4)}, 1);
  const auto crowd =
      answers({.max_batch = 7, .prefill_tokens = 5}, {request(2, 8), request(1, 4), request(3, 8)});
  EXPECT_FALSE(alone[0].exact);
  expect_equal(alone[0], crowd[0]);
  // The first token is drawn behind the same prompt, by the same number.
  const Trajectory &a = exact[0].trajectories[0], &b = alone[0].trajectories[0];
  EXPECT_NEAR(a.entropies[0], b.entropies[0], 0.02);
  EXPECT_NE(a.entropies[0], b.entropies[0]);
}

TEST_F(PolicyEngineTest, WaitsForKeyBlocksAndThenGoesOn) {
  const auto plain = answers({}, {request(1, 4), request(2, 4)});
  const auto scarce = answers({.key_blocks = 100}, {request(1, 4), request(2, 4)});
  ASSERT_EQ(scarce.size(), 2U);
  expect_equal(plain[1], scarce[1]);
}

TEST_F(PolicyEngineTest, WhatIsPutBackForWantOfBlocksGetsTheSameBits) {
  std::vector<GroupRequest> all;
  for (uint64_t id = 1; id <= 4; ++id) {
    all.push_back(request(id, 4));
    all.back().sampling.max_new_tokens = 40;
    all.back().sampling.max_turns = 1;
  }
  const auto plain = answers({}, all);
  const int64_t least = request_size(all[0], policy_.environment->longest_observation()).key_blocks;
  for (const int64_t prefill_tokens : {7, 2048}) {
    Team team(1);
    const auto engine = make_policy_engine(
        policy_.network,
        {.prefill_tokens = prefill_tokens, .key_blocks = least, .prefix_blocks = 4},
        policy_.environment, team);
    engine->load(policy_.weights, PolicyVersion{7});
    for (const GroupRequest& one : all)
      ASSERT_TRUE(engine->submit(one).ok());
    size_t done = 0;
    while (!engine->idle())
      for (const Group& group : engine->step()) {
        expect_equal(plain[static_cast<size_t>(group.id) - 1], group);
        ++done;
      }
    EXPECT_EQ(done, all.size());
    EXPECT_GT(engine->work().put_back, 0);
    EXPECT_EQ(engine->occupancy().key_blocks_in_use, 0);
  }
}

TEST_F(PolicyEngineTest, NewsOfWhatIsPutBackAreToldOnce) {
  std::vector<GroupRequest> all;
  for (uint64_t id = 1; id <= 3; ++id) {
    all.push_back(request(id, 2));
    all.back().sampling.max_new_tokens = 40;
    all.back().sampling.max_turns = 1;
    all.back().wishes = ServedWishes{.restriction = {}, .score_prompt = true};
  }
  const int64_t least = request_size(all[0], policy_.environment->longest_observation()).key_blocks;
  Team team(1);
  const auto engine = make_policy_engine(policy_.network, {.key_blocks = least, .prefix_blocks = 0},
                                         policy_.environment, team);
  engine->load(policy_.weights, PolicyVersion{7});
  for (const GroupRequest& one : all)
    ASSERT_TRUE(engine->submit(one).ok());
  int64_t scored = 0, drawn = 0, expected = 0;
  while (!engine->idle()) {
    const std::vector<Group> done = engine->step();
    for (const TokenNews& news : engine->news())
      ++(news.sample ? drawn : scored);
    for (const Group& group : done)
      for (const Trajectory& t : group.trajectories)
        expected += std::count(t.sampled.begin(), t.sampled.end(), 1);
  }
  EXPECT_GT(engine->work().put_back, 0);
  EXPECT_EQ(drawn, expected);
  EXPECT_EQ(scored, 3 * (std::ssize(all[0].prompt->tokens) - 1));
}

TEST_F(PolicyEngineTest, RefusesWhatCanNeverBeServed) {
  Team team(1);
  const auto engine =
      make_policy_engine(policy_.network, {.key_blocks = 2}, policy_.environment, team);
  const auto refused = engine->submit(request(1, 4));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
  EXPECT_NE(refused.error().message.find("prompt noise/1: engine.key_blocks: the answers"),
            std::string::npos);
  GroupRequest longest = request(1, 1);
  longest.sampling.max_new_tokens = 100000;
  EXPECT_NE(engine->submit(longest).error().message.find("max_positions is 2048"),
            std::string::npos);
}

TEST_F(PolicyEngineTest, GreedySamplesAreAllAlike) {
  const auto groups = answers({}, {request(1, 2, 0)});
  EXPECT_EQ(groups[0].trajectories[0].tokens, groups[0].trajectories[1].tokens);
}

TEST_F(PolicyEngineTest, MasksWhatThePolicyDidNotDraw) {
  for (const Group& group : answers({}, {request(1, 8), request(2, 8)}))
    for (const Trajectory& t : group.trajectories) {
      const auto drawn = std::count(t.sampled.begin(), t.sampled.end(), 1);
      EXPECT_LE(drawn, 12);
      for (size_t i = 0; i < t.tokens.size(); ++i)
        EXPECT_EQ(t.sampled[i] == 0, t.logprobs[i] == 0) << i;
    }
}

/// An engine that is served from, with requests that wish for news.
class WatchedEngine : public PolicyEngineTest {
 protected:
  WatchedEngine() { engine_->load(policy_.weights, PolicyVersion{1}); }

  GroupRequest wished(uint64_t id, int32_t samples) {
    GroupRequest r = request(id, samples);
    r.wishes = ServedWishes{{}, 1, false};
    return r;
  }

  Team team_{2};
  std::unique_ptr<ServingEngine> engine_ =
      make_policy_engine(policy_.network, {}, policy_.environment, team_);
};

TEST_F(WatchedEngine, TellsOfEachTokenOnce) {
  ASSERT_TRUE(engine_->submit(wished(1, 3)).ok());
  ASSERT_TRUE(engine_->submit(request(2, 1)).ok());
  std::vector<std::vector<int32_t>> told(3);
  std::vector<Group> groups;
  while (!engine_->idle()) {
    for (Group& group : engine_->step())
      groups.push_back(std::move(group));
    for (const TokenNews& news : engine_->news()) {
      EXPECT_EQ(news.group, GroupId{1});
      told[static_cast<size_t>(news.sample.value())].push_back(news.token);
      EXPECT_EQ(news.likeliest.size(), 1U);
    }
  }
  for (const Group& group : groups)
    for (const Trajectory& t : group.trajectories) {
      std::vector<int32_t> drawn;
      for (size_t i = 0; i < t.tokens.size(); ++i)
        if (t.sampled[i] == 1)
          drawn.push_back(t.tokens[i]);
      if (group.id == GroupId{1}) {
        EXPECT_EQ(drawn, told[static_cast<size_t>(t.sample)]);
      }
    }
  EXPECT_TRUE(engine_->step().empty());
  EXPECT_TRUE(engine_->news().empty());
}

TEST_F(WatchedEngine, DrawsTheSameTokensWithWishesAsWithout) {
  const auto plain = answers({}, {request(1, 4)});
  const auto watched = answers({}, {wished(1, 4)});
  for (size_t i = 0; i < 4; ++i)
    EXPECT_EQ(plain[0].trajectories[i].tokens, watched[0].trajectories[i].tokens);
}

TEST_F(WatchedEngine, GivesKeyBlocksBackWhenItIsCancelled) {
  for (const int steps : {0, 1, 3}) {
    ASSERT_TRUE(engine_->submit(wished(1, 4)).ok());
    for (int i = 0; i < steps; ++i)
      engine_->step();
    engine_->cancel(GroupId{1});
    EXPECT_TRUE(engine_->idle());
    EXPECT_EQ(engine_->occupancy().key_blocks_in_use, 0);
    EXPECT_EQ(engine_->occupancy().waiting + engine_->occupancy().running, 0);
  }
}

TEST_F(WatchedEngine, AnswersOthersAsIfTheCancelledHadNotBeenThere) {
  const auto alone = answers({}, {request(2, 3)});
  ASSERT_TRUE(engine_->submit(wished(1, 4)).ok());
  ASSERT_TRUE(engine_->submit(request(2, 3)).ok());
  engine_->step();
  engine_->step();
  engine_->cancel(GroupId{1});
  std::vector<Group> groups;
  while (!engine_->idle())
    for (Group& group : engine_->step())
      groups.push_back(std::move(group));
  ASSERT_EQ(groups.size(), 1U);
  expect_equal(alone[0], groups[0]);
}

TEST_F(WatchedEngine, EndsOneSampleAndGoesOnWithTheOthers) {
  const auto whole = answers({}, {request(1, 3)});
  ASSERT_TRUE(engine_->submit(wished(1, 3)).ok());
  engine_->step();
  engine_->end(GroupId{1}, 1);
  engine_->end(GroupId{1}, 1);
  std::vector<Group> groups;
  while (!engine_->idle())
    for (Group& group : engine_->step())
      groups.push_back(std::move(group));
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].trajectories[0].tokens, whole[0].trajectories[0].tokens);
  EXPECT_EQ(groups[0].trajectories[1].tokens.size(), 1U);
  EXPECT_EQ(groups[0].trajectories[2].tokens, whole[0].trajectories[2].tokens);
  EXPECT_EQ(engine_->occupancy().key_blocks_in_use, 0);
}

TEST_F(WatchedEngine, ReturnsAGroupWhoseLastSampleWasEnded) {
  ASSERT_TRUE(engine_->submit(wished(1, 1)).ok());
  engine_->step();
  engine_->end(GroupId{1}, 0);
  EXPECT_FALSE(engine_->idle());
  EXPECT_EQ(engine_->step().size(), 1U);
  EXPECT_TRUE(engine_->idle());
}

}  // namespace
}  // namespace nelumbo
