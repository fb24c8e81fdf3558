// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"
#include "base/rng.h"

namespace nelumbo {

/// What goes wrong in a simulated run, and how often. All of it follows from one seed.
struct SimulatedFaults {
  double crash = 0;      ///< a rollout process ends, at each message
  double freeze = 0;     ///< it stands still for up to three deadlines, or for ever
  double duplicate = 0;  ///< a delivery arrives twice
  double delay = 0;      ///< seconds that a message may take
  double reward = 0;     ///< a reward actor ends, at each group
  int64_t kills = 0;     ///< of the coordinator's process, in all
  int64_t learners = 0;  ///< ends of the learner, in all
  int64_t stops = 0;     ///< SIGTERM, in all

  static SimulatedFaults drawn(Random& random) {
    const auto often = [&random](double most) {
      return random.uniform() < 0.5 ? 0 : most * random.uniform();
    };
    SimulatedFaults faults;
    faults.crash = often(0.05);
    faults.freeze = often(0.05);
    faults.duplicate = often(0.2);
    faults.delay = often(4);
    faults.reward = often(0.1);
    faults.kills = random.below(4);
    faults.learners = random.below(2);
    faults.stops = random.below(2);
    return faults;
  }
};

/// What the parts of a simulation share: its dice, and what they saw.
struct SimulatedWorld {
  explicit SimulatedWorld(uint64_t seed) : random(seed, Purpose::kControl) {}

  bool strikes(double share) { return share > 0 && !ending && random.uniform() < share; }
  void violation(const std::string& what) {
    if (violations.size() < 5)
      violations.push_back(what);
  }

  Random random;
  SimulatedFaults faults;
  bool ending = false;   ///< nothing goes wrong any more
  double deadline = 10;  ///< placement.rollout_deadline
  uint64_t newest = 0;   ///< version that a process was given
  int64_t late = 0;      ///< deliveries of processes that were dismissed before
  std::vector<std::string> violations;
};

using SimulatedLinkBody =
    RolloutActor::extend<caf::reacts_to<DeliverAtom, LeaseTicket, Shared<Group>>,
                         caf::reacts_to<RefuseAtom, LeaseTicket, std::string>,
                         caf::reacts_to<TickAtom>>;

/// Stands for the connection to a rollout process, and for the process: what goes through takes
/// time, in order; it may freeze, end, and deliver what nobody waits for any more.
class SimulatedLinkState {
 public:
  static inline const char* name = "simulated_link";
  using Self = SimulatedLinkBody::stateful_pointer<SimulatedLinkState>;

  void start(Self self, RolloutClient client, SimulatedWorld* world) {
    self_ = self;
    client_ = std::move(client);
    world_ = world;
    self_->set_exit_handler([this](const caf::exit_msg&) {
      dismissed_ = true;
      if (line_.empty() || world_->ending)
        end();
    });
  }
  void employ(RolloutActor worker) { worker_ = std::move(worker); }

  caf::result<PolicyVersion> load(const Shared<WeightSet>& weights, PolicyVersion version) {
    const auto number = static_cast<uint64_t>(version);
    if (number < version_ || number < world_->newest)
      world_->violation("version " + std::to_string(number) + " was given after " +
                        std::to_string(std::max(version_, world_->newest)));
    version_ = world_->newest = number;
    auto promise = self_->make_response_promise<PolicyVersion>();
    pass([this, weights, version, promise]() mutable {
      self_->request(worker_, caf::infinite, LoadAtom::value, weights, version)
          .then([promise](PolicyVersion loaded) mutable { promise.deliver(loaded); },
                [promise](const caf::error& error) mutable { promise.deliver(error); });
    });
    return promise;
  }

  void lease(const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
    pass([this, ticket, request] { self_->send(worker_, LeaseAtom::value, ticket, request); });
  }

  void deliver(const LeaseTicket& ticket, const Shared<Group>& group) {
    const auto send = [this, ticket, group] {
      world_->late += dismissed_ ? 1 : 0;
      self_->send(client_, DeliverAtom::value, ticket, group);
    };
    pass(send);
    if (world_->strikes(world_->faults.duplicate))
      pass(send);
  }

  void refuse(const LeaseTicket& ticket, const std::string& why) {
    pass([this, ticket, why] { self_->send(client_, RefuseAtom::value, ticket, why); });
  }

  void tick() {
    while (!line_.empty() && line_.front().first <= self_->clock().now()) {
      const auto act = std::move(line_.front().second);
      line_.pop_front();
      act();
    }
    if (dismissed_ && line_.empty())
      end();
  }

 private:
  using Time = caf::actor_clock::time_point;
  static constexpr double kForEver = 1e9;  ///< seconds

  /// Has something happen when the line has come to it, unless the process ends here.
  void pass(std::function<void()> act) {
    if (world_->strikes(world_->faults.crash)) {
      line_.clear();
      return end();
    }
    const auto after = [](double seconds) {
      return std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
    };
    const Time now = self_->clock().now();
    double wait = world_->faults.delay * world_->random.uniform();
    if (world_->strikes(world_->faults.freeze))
      wait += world_->random.uniform() < 0.3
                  ? kForEver
                  : world_->deadline * (0.5 + 2.5 * world_->random.uniform());
    const Time when = std::max(free_, now + after(wait));
    free_ = when;
    line_.emplace_back(when, std::move(act));
    self_->delayed_send(self_, when - now, TickAtom::value);
  }

  void end() {
    self_->send_exit(worker_, caf::exit_reason::user_shutdown);
    self_->quit(caf::exit_reason::kill);
  }

  Self self_ = nullptr;
  RolloutClient client_;
  RolloutActor worker_;
  SimulatedWorld* world_ = nullptr;
  std::deque<std::pair<Time, std::function<void()>>> line_;
  Time free_{};  ///< when the line is empty
  uint64_t version_ = 0;
  bool dismissed_ = false;
};

/// Forwards messages to a `SimulatedLinkState`; `hire` makes the worker behind it.
inline SimulatedLinkBody::behavior_type simulated_link(
    SimulatedLinkState::Self self, RolloutClient client, SimulatedWorld* world,
    const std::function<RolloutActor(RolloutClient)>& hire) {
  SimulatedLinkState& state = self->state;
  state.start(self, std::move(client), world);
  state.employ(hire(caf::actor_cast<RolloutClient>(self)));
  return {
      [&state](LoadAtom, const Shared<WeightSet>& weights, PolicyVersion version) {
        return state.load(weights, version);
      },
      [&state](LeaseAtom, const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
        state.lease(ticket, request);
      },
      [](StepAtom) {},
      [&state](DeliverAtom, const LeaseTicket& ticket, const Shared<Group>& group) {
        state.deliver(ticket, group);
      },
      [&state](RefuseAtom, const LeaseTicket& ticket, const std::string& why) {
        state.refuse(ticket, why);
      },
      [&state](TickAtom) { state.tick(); },
  };
}

}  // namespace nelumbo
