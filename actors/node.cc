// SPDX-License-Identifier: Apache-2.0
#include "actors/node.h"

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "actors/bulk_channel.h"
#include "actors/find_door.h"
#include "actors/join_proof.h"
#include "actors/learner_node.h"
#include "actors/node_protocol.h"
#include "actors/rollout_node.h"
#include "actors/roster.h"
#include "actors/system_config.h"
#include "base/log.h"

namespace nelumbo {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetry{100};
constexpr milliseconds kLook{100};
constexpr std::chrono::seconds kAttempt{5};  // for one connection to come about
constexpr std::chrono::seconds kAnswer{10};  // for what the door answers at once
constexpr std::chrono::seconds kGrace{3};    // for actors to end
constexpr int kMissedBeats = 4;

milliseconds seconds(double count) {
  return milliseconds(static_cast<int64_t>(1000 * count));
}

struct HeartState {
  static inline const char* name = "heart";
  int missed = 0;
};

/// Tells the door that this process lives, and ends when the door is gone or does not know it.
caf::behavior heart(caf::stateful_actor<HeartState>* self, const DoorActor& door,
                    const Welcome& welcome) {
  const milliseconds each(welcome.beat_ms);
  self->monitor(door);
  self->set_down_handler([self](const caf::down_msg& down) {
    if (!down.reason || down.reason == caf::exit_reason::normal)
      self->quit(caf::exit_reason::user_shutdown);  // the run is over
    else
      self->quit(to_caf_error({Errc::kUnavailable, "the coordinator is gone"}));
  });
  self->send(self, BeatAtom::value);
  return {[self, door, each, session = welcome.session](BeatAtom) {
    self->request(door, each, BeatAtom::value, session)
        .then(
            [self](bool known) {
              self->state.missed = 0;
              if (!known)
                self->quit(to_caf_error(
                    {Errc::kUnavailable, "the coordinator does not know this process any more"}));
            },
            [self](const caf::error&) {
              if (++self->state.missed >= kMissedBeats)
                self->quit(to_caf_error({Errc::kUnavailable, "the coordinator does not answer"}));
            });
    self->delayed_send(self, each, BeatAtom::value);
  }};
}

class Node {
 public:
  Node(const NodeOptions& options, caf::actor_system& system)
      : options_(options), system_(system), self_(system), roster_(system, Threads::kOwn) {}

  Result<void> run(const std::function<Result<NodeWork>(const WorkerTask&)>& prepare) {
    if (auto met = connect(); !met)
      return met;
    auto welcome = join();
    if (!welcome)
      return welcome.error();
    const caf::actor alive =
        caf::actor_cast<caf::actor>(roster_.light(heart, door_, welcome.value()));
    self_->monitor(alive);
    auto work = prepare({welcome.value().config, welcome.value().config_path});
    if (!work)
      return work.error();
    auto channel = BulkChannel::dial(welcome.value().bulk_port, welcome.value().peer, {},
                                     {options_.coordinator.host, options_.credentials});
    if (!channel)
      return channel.error();
    channel_ = std::move(channel).value();
    const caf::actor worker = hire(std::move(work.value().crew));
    self_->monitor(worker);
    auto known = ask<bool>(ReadyAtom::value, welcome.value().session, work.value().inputs, worker);
    if (!known)
      return known.error();
    return wait();
  }

  /// Whether all actors have ended.
  bool close() {
    stop_.request_stop();
    roster_.dismiss_all();
    return roster_.wait_until_empty(kGrace);
  }

 private:
  Result<void> connect() {
    const auto deadline = std::chrono::steady_clock::now() + options_.patience;
    bool said = false;
    while (true) {
      auto found = find_door(system_, options_.coordinator, options_.credentials.get(), kAttempt);
      if (found) {
        door_ = std::move(found).value();
        return {};
      }
      if (found.error().code != Errc::kUnavailable)
        return found.error();
      if (std::chrono::steady_clock::now() > deadline || options_.stop_requested())
        return Error{Errc::kUnavailable, found.error().message + "; is the run still going on?"};
      if (!std::exchange(said, true))
        log_info(found.error().message + "; trying for " +
                 std::to_string(options_.patience.count()) + " s");
      std::this_thread::sleep_for(kRetry);
    }
  }

  Result<Welcome> join() {
    JoinRequest request{options_.worker, options_.role, kNodeProtocol};
    if (options_.credentials) {
      const auto challenge = ask<std::string>(HelloAtom::value);
      if (!challenge)
        return challenge.error();
      if (auto done = prove(*options_.credentials, challenge.value(), &request); !done)
        return done.error();
    }
    return ask<Welcome>(JoinAtom::value, std::move(request));
  }

  template <class T, class... Ts>
  Result<T> ask(Ts&&... message) {
    Result<T> answer = Error{Errc::kUnavailable, "no answer"};
    self_->request(door_, kAnswer, std::forward<Ts>(message)...)
        .receive([&](const T& value) { answer = value; },
                 [&](const caf::error& error) {
                   answer = from_caf_error(error, "this process waited for the coordinator");
                 });
    return answer;
  }

  caf::actor hire(CrewSetup crew) {
    if (options_.role == "learner")
      return caf::actor_cast<caf::actor>(roster_.light(
          learner_node, LearnerNodeSetup{.channel = channel_.get(),
                                         .make = std::move(crew.make_learner),
                                         .deadline = seconds(crew.placement.learner_deadline),
                                         .stop = stop_.get_token()}));
    return caf::actor_cast<caf::actor>(roster_.light(
        rollout_node, RolloutNodeSetup{.channel = channel_.get(),
                                       .rollout = {.make_engine = std::move(crew.make_engine),
                                                   .fault = crew.fault,
                                                   .stall = hang,
                                                   .stop = stop_.get_token()},
                                       .deadline = seconds(crew.placement.rollout_deadline)}));
  }

  /// Until the worker or the heart ends.
  Result<void> wait() {
    std::optional<caf::error> end;
    while (!end && !options_.stop_requested())
      self_->receive([&](const caf::down_msg& down) { end = down.reason; },
                     caf::after(kLook) >> [] {});
    if (!end || *end == caf::exit_reason::user_shutdown)
      return {};
    return from_caf_error(*end, "this process worked for the coordinator");
  }

  const NodeOptions& options_;
  caf::actor_system& system_;
  caf::scoped_actor self_;
  Roster roster_;
  std::stop_source stop_;
  DoorActor door_;
  std::unique_ptr<BulkChannel> channel_;
};

}  // namespace

Result<void> run_node(const NodeOptions& options,
                      const std::function<Result<NodeWork>(const WorkerTask&)>& prepare) {
  auto config = std::make_unique<SystemConfig>();
  config->admit_processes(options.credentials.get());
  auto system = std::make_unique<caf::actor_system>(*config);
  auto node = std::make_unique<Node>(options, *system);
  auto done = node->run(prepare);
  if (!node->close()) {  // a thread hangs, and keeps what it uses
    (void)node.release();
    (void)system.release();
    (void)config.release();
  }
  return done;
}

}  // namespace nelumbo
