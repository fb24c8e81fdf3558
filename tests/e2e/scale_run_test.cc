// SPDX-License-Identifier: Apache-2.0
//
// A whole asynchronous stage of 512 rollout actors and 64 learner ranks in virtual time: no token
// older than rl.max_staleness, everybody has work, the ledger balances, and what each actor takes
// of a core is printed. The learner takes no time, so messages come as fast as they ever can.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "actors/actor_crew.h"
#include "actors/learner_actor.h"
#include "actors/stage_loop.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/fake_run.h"
#include "tests/support/processor_time.h"

namespace nelumbo {
namespace {

constexpr int64_t kRollouts = 512;
constexpr int64_t kLearners = 64;
constexpr int64_t kStaleness = 2;
constexpr int64_t kSteps = 12;
constexpr int64_t kPrompts = 512;
constexpr int64_t kSamples = 8;

using Time = caf::actor_clock::time_point;

Time::duration after(double seconds) {
  return std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
}

/// What one rollout actor did in virtual time.
struct Labour {
  int64_t groups = 0;
  double busy = 0;  ///< seconds
};

/// Answers one group after the other; each takes a time of a log-normal law.
class TimedRolloutState {
 public:
  static inline const char* name = "timed_rollout";
  using Self = RolloutActor::stateful_pointer<TimedRolloutState>;

  void lease(Self self, const CoordinatorActor& lead, Labour& labour, const LeaseTicket& ticket,
             const GroupRequest& request) {
    Random random(1, Purpose::kData, static_cast<uint64_t>(ticket.group));
    const double seconds = 2 * std::exp(0.6 * random.normal());
    ++labour.groups;
    labour.busy += seconds;
    const Time now = self->clock().now();
    free_ = std::max(now, free_) + after(seconds);
    ASSERT_TRUE(engine.submit(request).ok());
    self->delayed_send(lead, free_ - now, DeliverAtom::value, ticket,
                       share(std::move(engine.step().front())));
  }

  FakeEngine engine;

 private:
  Time free_{};  ///< when it has nothing to do any more
};

RolloutActor::behavior_type timed_rollout(TimedRolloutState::Self self,
                                          const CoordinatorActor& lead, Labour* labour) {
  TimedRolloutState& state = self->state;
  return {
      [&state](LoadAtom, const Shared<WeightSet>& weights, PolicyVersion version) {
        state.engine.load(weights, version);
        return version;
      },
      [self, &state, lead, labour](LeaseAtom, const LeaseTicket& ticket,
                                   const Shared<GroupRequest>& request) {
        state.lease(self, lead, *labour, ticket, *request);
      },
      [](StepAtom) {},
  };
}

/// Looks at how old its batches are.
class BoundedLearner : public FakeLearner {
 public:
  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                               StepPlace place) override {
    for (const ScoredGroup& group : groups)
      for (const Trajectory& trajectory : group.group->trajectories)
        EXPECT_LE(place.step - static_cast<int64_t>(trajectory.version), kStaleness);
    return FakeLearner::train_policy(groups, config, place);
  }
};

class ScaleRunTest : public ActorFixture {
 protected:
  ScaleRunTest() {
    PipelineSetup& setup = fakes_.setup;
    setup.rl.max_staleness = kStaleness;
    setup.rl.steps = setup.rl.validate_every = setup.run.checkpoint_every = kSteps;
    setup.rl.prompts = kPrompts;
    setup.rl.group_size = kSamples;
    setup.crew.slots = 2 * kSamples;
    setup.crew.placement.rollouts = kRollouts;
    setup.crew.placement.learners = kLearners;
    setup.crew.placement.rewards = 16;
    setup.crew.make_learner = [](LearnerRanks) { return std::make_unique<BoundedLearner>(); };
    fakes_.open();
  }

  /// Moves messages, and time when nothing moves, until something arrived; takes down who needed
  /// the processor.
  void pump(const std::function<bool()>& arrived) {
    while (!arrived()) {
      if (scheduler_.jobs.empty()) {
        ASSERT_TRUE(scheduler_.trigger_timeout()) << "nobody answers, nobody waits";
        continue;
      }
      const auto* actor = dynamic_cast<caf::local_actor*>(scheduler_.jobs.front());
      double& seconds = seconds_[actor == nullptr ? "?" : actor->name()];
      const double before = processor_seconds();
      scheduler_.run_once();
      seconds += processor_seconds() - before;
    }
  }

  PipelineReport run() {
    const auto clock = [this] { return scheduler_.clock().now(); };
    auto ledger = Ledger::open(fakes_.directory->ledger_path(), clock);
    NELUMBO_CHECK(ledger.ok()) << ledger.error().message;
    const uint32_t incarnation = ledger.value()->incarnation();
    CheckpointStore store(fakes_.directory->checkpoints_path(), fakes_.directory->config_hash(), 2,
                          fakes_.setup.write_model);
    ActorCrewSetup setup;
    setup.crew = fakes_.setup.crew;
    setup.ledger = std::move(ledger).value();
    setup.hire_rollout = [this](Roster&, const CoordinatorActor& lead) {
      HiredRollout hired;
      hired.actor = system_.spawn(timed_rollout, lead, &labour_.emplace_back());
      return hired;
    };
    // Each as if it were the only one: threads of their own would have to meet.
    setup.hire_learner = [this](Roster& roster, int64_t) {
      ++learners_;
      return roster.light(learner_actor, LearnerSetup{.make = fakes_.setup.crew.make_learner});
    };
    ActorCrew crew(system_, Threads::kPooled, std::move(setup),
                   [this](const std::function<bool()>& arrived) { pump(arrived); });
    StageContext context(fakes_.setup, crew, &store, incarnation, clock);
    const double before = processor_seconds();
    const Time start = clock();
    PipelineReport report = StageLoop(context, std::nullopt).run();
    virtual_ = std::chrono::duration<double>(clock() - start).count();
    double actors = 0;
    for (const auto& [who, seconds] : seconds_)
      actors += seconds;
    seconds_["stage, and tests"] = processor_seconds() - before - actors;
    return report;
  }

  void print() const {
    int64_t groups = 0;
    double busy = 0;
    for (const Labour& one : labour_) {
      groups += one.groups;
      busy += one.busy;
    }
    std::printf("%lld groups, %lld rollout actors, %lld learner ranks, %.0f s; of a core:",
                static_cast<long long>(groups), static_cast<long long>(kRollouts),
                static_cast<long long>(kLearners), virtual_);
    for (const auto& [who, seconds] : seconds_)
      std::printf(" %s %.4f", who.c_str(), seconds / virtual_);
    std::printf("; rollout actors had work %.0f %% of the time\n",
                100 * busy / (virtual_ * kRollouts));
  }

  FakeRun fakes_{{StageKind::kRl}};
  std::deque<Labour> labour_;
  int64_t learners_ = 0;
  std::map<std::string, double> seconds_;  ///< of the processor, by actor
  double virtual_ = 0;
};

TEST_F(ScaleRunTest, HoldsItsBoundAndGivesEverybodyWork) {
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(learners_, kLearners);
  EXPECT_EQ(report.ledger.committed, kSteps * kPrompts * kSamples);
  EXPECT_EQ(report.ledger.issued, report.ledger.committed + report.ledger.dropped);
  EXPECT_EQ(report.ledger.in_flight, 0);
  EXPECT_TRUE(fakes_.warnings.empty()) << fakes_.warnings.front();
  ASSERT_EQ(std::ssize(labour_), kRollouts);
  for (const Labour& one : labour_)
    EXPECT_GE(one.groups, kSteps / 4) << "of " << kSteps << " in the mean";
  print();
}

}  // namespace
}  // namespace nelumbo
