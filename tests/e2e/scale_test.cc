// SPDX-License-Identifier: Apache-2.0
//
// 512 rollout actors in virtual time: nobody is idle while another holds two groups that could have
// been its own, and what the coordinator takes of a core is printed.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "actors/coordinator.h"
#include "actors/reward_actor.h"
#include "base/rng.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/fake_policy.h"
#include "tests/support/processor_time.h"

namespace nelumbo {
namespace {

constexpr int64_t kRollouts = 512;
constexpr int64_t kGroups = 8 * kRollouts;
constexpr int32_t kSamples = 8;
constexpr int64_t kHeld = 2;  ///< groups that have room in a rollout actor

/// A lease as the rollout actor `who` got it.
struct Leased {
  size_t who = 0;
  LeaseTicket ticket;
  Shared<GroupRequest> request;
};

RolloutActor::behavior_type noting_rollout(RolloutActor::pointer, size_t who,
                                           std::vector<Leased>* leased) {
  return {
      [](LoadAtom, const Shared<WeightSet>&, PolicyVersion version) { return version; },
      [who, leased](LeaseAtom, const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
        leased->push_back({who, ticket, request});
      },
      [](StepAtom) {},
  };
}

LedgerActor::behavior_type counting_ledger(LedgerActor::pointer, int64_t* records) {
  return {
      [records](NoteAtom, const std::vector<LedgerRecord>& noted) {
        *records += std::ssize(noted);
      },
      [](CommitAtom) { return LedgerCounts(); },
  };
}

/// A coordinator whose rollout actors take the times of a log-normal law for their groups, each one
/// group after the other.
class ScaleTest : public ActorFixture {
 protected:
  ScaleTest() {
    setup_.placement.rollouts = kRollouts;
    setup_.slots = kHeld * kSamples;
    setup_.hire_rollout = [this](const CoordinatorActor&) {
      HiredRollout hired;
      hired.actor = system_.spawn(noting_rollout, hired_++, &leased_);
      return hired;
    };
    setup_.hire_reward = [this] {
      return system_.spawn(reward_actor, std::make_shared<const FakeReward>());
    };
    setup_.placement.rewards = 16;
    setup_.ledger = system_.spawn(counting_ledger, &records_);
    setup_.warn = [this](const std::string& sentence) { warnings_.push_back(sentence); };
  }

  void start() {
    lead_ = system_.spawn(coordinator, setup_);
    const auto given =
        ask<PolicyVersion>(lead_, PublishAtom::value, share(fake_weights(1)), PolicyVersion{1});
    ASSERT_TRUE(given.ok());
    held_.assign(kRollouts, 0);
    free_at_.assign(kRollouts, 0);
  }
  void TearDown() override {
    (void)ask<void>(lead_, StopAtom::value);
    lead_ = nullptr;
  }

  /// Has messages moved, and takes down what that costs.
  void settle() {
    const double before = processor_seconds();
    scheduler_.run();
    seconds_ += processor_seconds() - before;
  }

  void ask_for_all() {
    AnswerJob job;
    job.incarnation = 1;
    for (uint64_t id = 1; id <= kGroups; ++id)
      job.requests.push_back({GroupId{id}, fake_prompt("p" + std::to_string(id)), kSamples, 0, {}});
    self_->send(lead_, AnswerAtom::value, share(std::move(job)));
    settle();
  }

  /// Looks at what was leased now, and says when each will be done.
  void take_leases(double now) {
    std::vector<Leased> leases = std::exchange(leased_, {});
    std::ranges::sort(leases, {}, [](const Leased& lease) { return lease.ticket.number; });
    for (Leased& lease : leases) {
      const int64_t before = held_[lease.who]++;
      if (before > 0 && std::ranges::count(held_, 0) > 0)
        ++unfair_;
      ++taken_;
      Random random(1, Purpose::kData, static_cast<uint64_t>(lease.ticket.group));
      free_at_[lease.who] =
          std::max(now, free_at_[lease.who]) + 2 * std::exp(0.6 * random.normal());
      running_.emplace(free_at_[lease.who], at_.size());
      at_.push_back(std::move(lease));
    }
    if (taken_ < kGroups && std::ranges::count(held_, 0) > 0)
      ++idle_;
  }

  void deliver(const Leased& lease) {
    auto group = std::make_shared<Group>(*fake_scored(1, std::vector<double>(kSamples, 0.5)).group);
    group->id = lease.request->id;
    group->prompt = lease.request->prompt;
    --held_[lease.who];
    self_->send(lead_, DeliverAtom::value, lease.ticket, Shared<Group>(group));
    settle();
  }

  CoordinatorSetup setup_;
  CoordinatorActor lead_;
  size_t hired_ = 0;
  std::vector<Leased> leased_, at_;
  std::vector<int64_t> held_;
  std::vector<double> free_at_;  ///< seconds
  std::priority_queue<std::pair<double, size_t>, std::vector<std::pair<double, size_t>>,
                      std::greater<>>
      running_;  ///< end, index in `at_`
  int64_t taken_ = 0, unfair_ = 0, idle_ = 0, records_ = 0;
  double seconds_ = 0;
  std::vector<std::string> warnings_;
};

TEST_F(ScaleTest, NobodyIsIdleWhileAnotherHasTwo) {
  start();
  ask_for_all();
  take_leases(0);
  double now = 0;
  for (int64_t done = 0; !running_.empty(); ++done) {
    const auto [end, index] = running_.top();
    running_.pop();
    scheduler_.advance_time(std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(end - now)));
    now = end;
    deliver(at_[index]);
    take_leases(now);
  }
  EXPECT_EQ(unfair_, 0);
  EXPECT_EQ(idle_, 0);
  EXPECT_EQ(taken_, kGroups);
  EXPECT_EQ(records_, 4 * kGroups * kSamples);  // issued, leased, generated, scored
  EXPECT_TRUE(warnings_.empty()) << warnings_.front();
  ASSERT_TRUE(self_->has_next_message());
  self_->receive([](const Shared<std::vector<ScoredGroup>>& answers) {
    EXPECT_EQ(std::ssize(*answers), kGroups);
  });
  std::printf("%lld groups of %lld rollout actors in %.0f s: %.1f us a group, %.3f of a core\n",
              static_cast<long long>(kGroups), static_cast<long long>(kRollouts), now,
              1e6 * seconds_ / kGroups, seconds_ / now);
}

}  // namespace
}  // namespace nelumbo
