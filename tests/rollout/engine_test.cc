// SPDX-License-Identifier: Apache-2.0
//
// Engine::load in the middle of answers, and GroupRequest::versions, of the engine that there is.
#include "rollout/engine.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "rollout/policy_engine.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

void expect_equal(const Group& a, const Group& b) {
  ASSERT_EQ(a.trajectories.size(), b.trajectories.size());
  for (size_t i = 0; i < a.trajectories.size(); ++i) {
    EXPECT_EQ(a.trajectories[i].tokens, b.trajectories[i].tokens);
    EXPECT_EQ(a.trajectories[i].logprobs, b.trajectories[i].logprobs);
    EXPECT_EQ(a.trajectories[i].entropies, b.trajectories[i].entropies);
    EXPECT_EQ(a.trajectories[i].version, b.trajectories[i].version);
    EXPECT_EQ(a.trajectories[i].swaps, b.trajectories[i].swaps);
  }
}

/// Engines that get other weights while they draw.
class SwappingEngine : public ::testing::Test {
 protected:
  SwappingEngine() {
    for (uint64_t seed = 2; seed <= 4; ++seed)
      later_.push_back(std::make_shared<const WeightSet>(initial_weights(policy_.network, seed)));
  }

  GroupRequest long_request(uint64_t id, int32_t samples) {
    GroupRequest one;
    one.id = GroupId{id};
    one.prompt = policy_.prompt("noise/" + std::to_string(id));
    one.samples = samples;
    one.seed = 11;
    one.sampling.max_new_tokens = 40;
    return one;
  }
  std::shared_ptr<const WeightSet> weights(PolicyVersion version) const {
    const auto number = static_cast<uint64_t>(version);
    return number == 7 ? policy_.weights : later_[number - 8];
  }

  /// Answers with version 7, and from a step on with 8, 9, ...
  std::vector<Group> swapped(const EngineConfig& config, const std::vector<GroupRequest>& requests,
                             const std::vector<int64_t>& steps, int64_t* put_back = nullptr) {
    Team team(1);
    const auto engine = make_policy_engine(policy_.network, config, policy_.environment, team);
    engine->load(policy_.weights, PolicyVersion{7});
    for (const GroupRequest& one : requests)
      EXPECT_TRUE(engine->submit(one).ok());
    std::vector<Group> all;
    for (int64_t step = 0; !engine->idle(); ++step) {
      for (size_t i = 0; i < steps.size(); ++i)
        if (steps[i] == step)
          engine->load(later_[i], PolicyVersion{8 + i});
      for (Group& group : engine->step())
        all.push_back(std::move(group));
    }
    EXPECT_EQ(engine->occupancy().key_blocks_in_use, 0);
    if (put_back != nullptr)
      *put_back = engine->work().put_back;
    std::sort(all.begin(), all.end(), [](const Group& a, const Group& b) { return a.id < b.id; });
    return all;
  }

  /// Answers one request with the versions that it asks for.
  Group repeated(const EngineConfig& config, GroupRequest request) {
    Team team(1);
    const auto engine = make_policy_engine(policy_.network, config, policy_.environment, team);
    uint64_t version = static_cast<uint64_t>(request.versions.front().first);
    engine->load(weights(PolicyVersion{version}), PolicyVersion{version});
    EXPECT_TRUE(engine->submit(std::move(request)).ok());
    std::vector<Group> done;
    while (done.empty() && version < 11) {
      if (engine->waits()) {
        ++version;
        engine->load(weights(PolicyVersion{version}), PolicyVersion{version});
      }
      done = engine->step();
    }
    EXPECT_EQ(done.size(), 1U);
    return done.empty() ? Group() : std::move(done.front());
  }

  TinyPolicy policy_;
  std::vector<std::shared_ptr<const WeightSet>> later_;
};

TEST_F(SwappingEngine, GoesOnWithOtherWeightsAndSaysFromWhichToken) {
  const auto old = swapped({}, {long_request(1, 4)}, {});
  const auto both = swapped({}, {long_request(1, 4)}, {10});
  int64_t swaps = 0;
  for (size_t i = 0; i < 4; ++i) {
    const Trajectory& t = both[0].trajectories[i];
    const Trajectory& same = old[0].trajectories[i];
    EXPECT_EQ(t.version, PolicyVersion{7});
    if (t.swaps.empty())
      continue;
    ++swaps;
    ASSERT_EQ(t.swaps.size(), 1U);
    EXPECT_EQ(t.swaps[0].version, PolicyVersion{8});
    const auto token = static_cast<size_t>(t.swaps[0].token);
    ASSERT_LT(token, t.tokens.size());
    EXPECT_EQ(t.versions().at(t.swaps[0].token - 1), PolicyVersion{7});
    EXPECT_EQ(t.versions().at(t.swaps[0].token), PolicyVersion{8});
    for (size_t at = 0; at < token; ++at) {
      EXPECT_EQ(t.tokens[at], same.tokens[at]);
      EXPECT_EQ(t.logprobs[at], same.logprobs[at]);
    }
    EXPECT_NE(t.entropies[token], same.entropies[token]);
  }
  EXPECT_GT(swaps, 0);
}

TEST_F(SwappingEngine, WeightsThatDrawNothingLeaveNoTrace) {
  const auto once = swapped({}, {long_request(1, 2)}, {-1, 12});
  const auto twice = swapped({}, {long_request(1, 2)}, {12, 12});
  expect_equal(once[0], twice[0]);
  EXPECT_EQ(once[0].trajectories[0].swaps, twice[0].trajectories[0].swaps);
  for (const Trajectory& t : twice[0].trajectories)
    for (const WeightSwap& swap : t.swaps)
      EXPECT_EQ(swap.version, PolicyVersion{9});
}

/// What was begun by other weights is not mixed into what others are drawn from.
TEST_F(SwappingEngine, APromptIsReadByTheWeightsThatDrawItsFirstToken) {
  const EngineConfig slow{.prefill_tokens = 5};
  const auto swapped_in_prompt = swapped(slow, {long_request(1, 2), long_request(2, 2)}, {2});
  Team team(1);
  const auto engine = make_policy_engine(policy_.network, slow, policy_.environment, team);
  engine->load(later_[0], PolicyVersion{8});
  ASSERT_TRUE(engine->submit(long_request(1, 2)).ok());
  ASSERT_TRUE(engine->submit(long_request(2, 2)).ok());
  std::vector<Group> fresh;
  while (!engine->idle())
    for (Group& group : engine->step())
      fresh.push_back(std::move(group));
  std::sort(fresh.begin(), fresh.end(), [](auto& a, auto& b) { return a.id < b.id; });
  ASSERT_EQ(fresh.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(swapped_in_prompt[i].trajectories[0].version, PolicyVersion{8});
    EXPECT_TRUE(swapped_in_prompt[i].trajectories[0].swaps.empty());
    expect_equal(swapped_in_prompt[i], fresh[i]);
  }
}

/// Whoever else is there, whatever was put back and began anew, and however fast the engine is.
TEST_F(SwappingEngine, ATraceDependsOnItsOwnVersionsAlone) {
  const std::vector<GroupRequest> all = {long_request(1, 4), long_request(2, 4), long_request(3, 4),
                                         long_request(4, 4)};
  const int64_t least = request_size(all[0], policy_.environment->longest_observation()).key_blocks;
  int64_t put_back = 0, swaps = 0, late = 0;
  const auto crowd =
      swapped({.key_blocks = least, .prefix_blocks = 4}, all, {9, 31, 55}, &put_back);
  EXPECT_GT(put_back, 0);
  ASSERT_EQ(crowd.size(), 4U);
  for (size_t g = 0; g < 4; ++g)
    for (const int64_t prefill_tokens : {3, 2048}) {
      GroupRequest again = all[g];
      for (const Trajectory& t : crowd[g].trajectories) {
        again.versions.push_back(t.versions());
        swaps += std::ssize(t.swaps);
        late += t.version > PolicyVersion{7} ? 1 : 0;
      }
      expect_equal(repeated({.max_batch = 3, .prefill_tokens = prefill_tokens}, again), crowd[g]);
    }
  EXPECT_GT(swaps, 0);
  EXPECT_GT(late, 0);
}

TEST_F(SwappingEngine, WaitsForTheWeightsThatAreToDrawNext) {
  Team team(1);
  const auto engine = make_policy_engine(policy_.network, {}, policy_.environment, team);
  engine->load(policy_.weights, PolicyVersion{7});
  GroupRequest one = long_request(1, 1);
  one.versions = {{PolicyVersion{8}, {{3, PolicyVersion{9}}}}};
  ASSERT_TRUE(engine->submit(one).ok());
  EXPECT_FALSE(engine->waits()) << "it has not looked at the request";
  EXPECT_TRUE(engine->step().empty());
  EXPECT_TRUE(engine->waits());
  EXPECT_EQ(engine->work().prompt_rows, 0);
  engine->load(later_[0], PolicyVersion{8});
  while (!engine->waits())
    EXPECT_TRUE(engine->step().empty());
  EXPECT_EQ(engine->work().answer_rows, 2);  // behind which stand tokens 1 and 2
  engine->load(later_[1], PolicyVersion{9});
  EXPECT_FALSE(engine->waits());
  std::vector<Group> done;
  while (done.empty())
    done = engine->step();
  EXPECT_EQ(done[0].trajectories[0].swaps, one.versions[0].swaps);
}

}  // namespace
}  // namespace nelumbo
