// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>

namespace nelumbo {

/// Where heavy actors run. Tests pool them, since detached ones ignore the testing scheduler.
enum class Threads { kOwn, kPooled };

/// Every actor of a run, from spawn to its end: the one place that spawns, and that dismisses all.
class Roster {
 public:
  Roster(caf::actor_system& system, Threads threads);

  /// Spawns an actor that computes or waits for the disk: on a thread of its own.
  template <class... Ts>
  auto heavy(const std::stop_source& stop, Ts&&... arguments) {
    auto actor = threads_ == Threads::kOwn
                     ? system_.spawn<caf::detached>(std::forward<Ts>(arguments)...)
                     : system_.spawn(std::forward<Ts>(arguments)...);
    enlist(caf::actor_cast<caf::actor>(actor), stop);
    return actor;
  }

  /// Spawns an actor that never blocks.
  template <class... Ts>
  auto light(Ts&&... arguments) {
    auto actor = system_.spawn(std::forward<Ts>(arguments)...);
    enlist(caf::actor_cast<caf::actor>(actor), std::stop_source(std::nostopstate));
    return actor;
  }

  /// Tells everyone to stop, the youngest first, and whoever is spawned afterwards at once.
  void dismiss_all();
  /// Waits until all have ended; false when some still run at the deadline.
  bool wait_until_empty(std::chrono::milliseconds deadline) const;

 private:
  struct Entry {
    caf::actor actor;
    std::stop_source stop;
  };
  struct Headcount;

  void enlist(const caf::actor& actor, std::stop_source stop);

  caf::actor_system& system_;
  Threads threads_;
  std::shared_ptr<Headcount> alive_;
};

}  // namespace nelumbo
