// SPDX-License-Identifier: Apache-2.0
#include "actors/roster.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

namespace nelumbo {

/// Actors end on threads of their own, so who counts them needs a lock.
struct Roster::Headcount {
  std::mutex guard;
  std::condition_variable changed;
  int64_t alive = 0;
  std::vector<Entry> hired;
  bool closed = false;
};

Roster::Roster(caf::actor_system& system, Threads threads)
    : system_(system), threads_(threads), alive_(std::make_shared<Headcount>()) {}

void Roster::enlist(const caf::actor& actor, std::stop_source stop) {
  bool closed = false;
  {
    const std::lock_guard lock(alive_->guard);
    ++alive_->alive;
    alive_->hired.push_back({actor, std::move(stop)});
    closed = alive_->closed;
  }
  auto* body = caf::actor_cast<caf::abstract_actor*>(actor);
  body->attach_functor([alive = alive_](const caf::error&) {
    const std::lock_guard lock(alive->guard);
    --alive->alive;
    alive->changed.notify_all();
  });
  if (closed)
    dismiss_all();
}

void Roster::dismiss_all() {
  std::vector<Entry> leaving;
  {
    const std::lock_guard lock(alive_->guard);
    alive_->closed = true;
    leaving.swap(alive_->hired);
  }
  for (auto entry = leaving.rbegin(); entry != leaving.rend(); ++entry) {
    entry->stop.request_stop();
    caf::anon_send_exit(entry->actor, caf::exit_reason::user_shutdown);
  }
}

bool Roster::wait_until_empty(std::chrono::milliseconds deadline) const {
  std::unique_lock lock(alive_->guard);
  return alive_->changed.wait_for(lock, deadline, [&] { return alive_->alive == 0; });
}

}  // namespace nelumbo
