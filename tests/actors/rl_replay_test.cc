// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_replay.h"

#include <cmath>
#include <cstdio>
#include <mutex>

#include <gtest/gtest.h>

#include "actors/system.h"
#include "rollout/policy_engine.h"
#include "tests/support/direct_run.h"
#include "tests/support/tiny_policy.h"

namespace nelumbo {
namespace {

/// An asynchronous run of fakes, and its repetition from what it traced.
class RlReplayTest : public ::testing::Test {
 protected:
  RlReplayTest() {
    prepare(first_);
    first_.open();
    DirectRun run(first_);
    report_ = run.run();
    traced_ = run.crew->by_step;
  }

  static void prepare(FakeRun& fakes) {
    fakes.setup.rl.max_staleness = 2;
    fakes.setup.rl.steps = 6;
    fakes.setup.rl.validate_every = 3;
    fakes.setup.run.checkpoint_every = 100;
  }

  /// `change` sees the groups of each step.
  PipelineReport repeat(FakeRun& again,
                        const std::function<void(std::vector<ScoredGroup>&)>& change = nullptr) {
    prepare(again);
    again.setup.sources.rl_groups = [this,
                                     change](int64_t step) -> Result<std::vector<ScoredGroup>> {
      if (!traced_.contains(step))
        return Error{Errc::kBadData, "no trace"};
      std::vector<ScoredGroup> groups = traced_.at(step);
      if (change)
        change(groups);
      return groups;
    };
    again.open();
    return DirectRun(again).run();
  }

  FakeRun first_{{StageKind::kRl}};
  PipelineReport report_;
  std::map<int64_t, std::vector<ScoredGroup>> traced_;
};

TEST_F(RlReplayTest, HasTheWeightsOfTheRunThatItRepeats) {
  ASSERT_TRUE(report_.end.ok()) << report_.end.error().message;
  ASSERT_EQ(traced_.size(), 6U);
  EXPECT_EQ(traced_.at(6).front().group->trajectories.front().version, PolicyVersion{3});
  FakeRun again({StageKind::kRl});
  const PipelineReport repeated = repeat(again);
  ASSERT_TRUE(repeated.end.ok()) << repeated.end.error().message;
  EXPECT_EQ(repeated.weights_hash, report_.weights_hash);
  EXPECT_EQ(repeated.ledger.committed, report_.ledger.committed);
  EXPECT_EQ(repeated.ledger.in_flight, 0);
}

TEST_F(RlReplayTest, TakesTheOutcomesThatWereTold) {
  FakeRun again({StageKind::kRl});
  again.reward->flat = true;
  EXPECT_EQ(repeat(again).weights_hash, report_.weights_hash);
}

TEST_F(RlReplayTest, SaysFromWhichTokenOnItIsAnother) {
  FakeRun again({StageKind::kRl});
  const PipelineReport other = repeat(again, [](std::vector<ScoredGroup>& groups) {
    Group changed = *groups[1].group;
    changed.trajectories[2].tokens[1] += 1;
    groups[1].group = share(std::move(changed));
  });
  ASSERT_FALSE(other.end.ok());
  EXPECT_EQ(other.end.error().code, Errc::kCheckFailed);
  EXPECT_NE(other.end.error().message.find("sample 2: from token 1 on"), std::string::npos)
      << other.end.error().message;
}

TEST_F(RlReplayTest, RefusesATraceOfAnotherRun) {
  FakeRun again({StageKind::kRl});
  again.setup.sources.rl_prompts = [](int64_t, int64_t, int64_t count) {
    return std::vector<std::shared_ptr<const Prompt>>(static_cast<size_t>(count),
                                                      fake_prompt("other"));
  };
  const PipelineReport other = repeat(again);
  ASSERT_FALSE(other.end.ok());
  EXPECT_EQ(other.end.error().code, Errc::kBadData);
  traced_.erase(3);
  FakeRun torn({StageKind::kRl});
  EXPECT_EQ(repeat(torn).end.error().message, "no trace");
}

TEST_F(RlReplayTest, DoesNotGoOnFromItsMiddle) {
  FakeRun again({StageKind::kRl});
  again.steps_left = 2;
  EXPECT_EQ(repeat(again).end.error().code, Errc::kPreempted);
  again.steps_left = 1000;
  again.open(true);
  const PipelineReport rest = DirectRun(again).run();
  ASSERT_FALSE(rest.end.ok());
  EXPECT_EQ(rest.end.error().code, Errc::kInvalidConfig);
}

/// Moves the weights of a small policy by all that it is given: tokens, log-probs, outcomes.
class MovingLearner : public FakeLearner {
 public:
  explicit MovingLearner(std::shared_ptr<const WeightSet> weights) : moved_(*weights) {}

  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig&,
                               StepPlace) override {
    double sum = 0;
    for (const ScoredGroup& group : groups)
      for (size_t i = 0; i < group.outcomes.size(); ++i) {
        const Trajectory& t = group.group->trajectories[i];
        for (size_t at = 0; at < t.tokens.size(); ++at)
          sum += group.outcomes[i].total * (t.tokens[at] + t.logprobs[at] * 100.0);
      }
    for (NamedTensor& tensor : moved_)
      for (size_t i = 0; i < tensor.values.size(); ++i)
        tensor.values[i] += static_cast<float>(0.02 * std::sin(sum + static_cast<double>(i)));
    return Metrics{};
  }
  Result<std::shared_ptr<const WeightSet>> weights() override {
    return std::make_shared<const WeightSet>(moved_);
  }
  void restart(const WeightSet& weights) override { moved_ = weights; }
  Result<WeightSet> state() override { return moved_; }
  Result<void> restore(const WeightSet& state) override {
    moved_ = state;
    return {};
  }

 private:
  WeightSet moved_;
};

/// Runs of a real engine and the real actors. The learner is so much faster than engines of two
/// rows a step that weights change wherever an answer just is.
class ReplayOfEngines : public ::testing::Test {
 protected:
  struct Run {
    PipelineReport report;
    std::map<int64_t, std::vector<ScoredGroup>> groups;
  };

  Run run(int64_t rollouts, decltype(PipelineSources::rl_groups) told = nullptr) {
    Run done;
    FakeRun fakes({StageKind::kRl});
    prepare(fakes, rollouts);
    fakes.setup.sources.rl_groups = std::move(told);
    fakes.setup.traces = [&done](const std::string&, int64_t step,
                                 const std::vector<ScoredGroup>& groups) {
      done.groups[step] = groups;
      return std::vector<nlohmann::json>();
    };
    fakes.open();
    done.report = run_pipeline(fakes.setup);
    return done;
  }

  TinyPolicy policy_;

 private:
  void prepare(FakeRun& fakes, int64_t rollouts) {
    RlConfig& rl = fakes.setup.rl;
    rl.max_staleness = 3;
    rl.steps = 8;
    rl.validate_every = 100;
    fakes.setup.run.checkpoint_every = 100;
    fakes.setup.rl_sampling.max_new_tokens = 160;
    fakes.setup.crew.placement.rollouts = rollouts;
    fakes.setup.weights = policy_.weights;
    fakes.setup.crew.make_engine = [this] {
      const std::lock_guard lock(guard_);
      teams_.push_back(std::make_unique<Team>(1));
      return make_policy_engine(policy_.network, {.max_batch = 2}, policy_.environment,
                                *teams_.back());
    };
    fakes.setup.crew.make_learner = [this](LearnerRanks) {
      return std::make_unique<MovingLearner>(policy_.weights);
    };
    fakes.setup.sources.rl_prompts = [this](int64_t step, int64_t round, int64_t count) {
      std::vector<std::shared_ptr<const Prompt>> prompts;
      for (int64_t i = 0; i < count; ++i)
        prompts.push_back(policy_.prompt("noise/" + std::to_string(step) + "/" +
                                         std::to_string(round) + "/" + std::to_string(i)));
      return prompts;
    };
    fakes.setup.sources.evaluation = [](Occasion) { return std::vector<EvaluationPass>(); };
  }

  std::mutex guard_;  ///< each rollout actor makes its engine on a thread of its own
  std::vector<std::unique_ptr<Team>> teams_;
};

TEST_F(ReplayOfEngines, EndsWithTheWeightsOfTheRunWhereverWeightsChanged) {
  int64_t swaps = 0, late = 0;
  for (const int64_t rollouts : {1, 2, 3}) {
    const Run first = run(rollouts);
    ASSERT_TRUE(first.report.end.ok()) << first.report.end.error().message;
    ASSERT_EQ(first.groups.size(), 8U);
    for (const auto& [step, groups] : first.groups)
      for (const ScoredGroup& group : groups)
        for (const Trajectory& t : group.group->trajectories) {
          swaps += std::ssize(t.swaps);
          late += static_cast<int64_t>(t.version) + 1 < step ? 1 : 0;
        }
    const Run again = run(1, [&first](int64_t step) -> Result<std::vector<ScoredGroup>> {
      return first.groups.at(step);
    });
    ASSERT_TRUE(again.report.end.ok()) << again.report.end.error().message;
    EXPECT_EQ(again.report.weights_hash, first.report.weights_hash) << rollouts;
    EXPECT_EQ(again.report.ledger.committed, first.report.ledger.committed);
  }
  std::printf("%lld times weights changed in an answer\n", static_cast<long long>(swaps));
  EXPECT_GT(swaps, 0) << "no answer was drawn by two versions";
  EXPECT_GT(late, 0);
}

}  // namespace
}  // namespace nelumbo
