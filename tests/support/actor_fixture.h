// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include "actors/protocol.h"

namespace nelumbo {

struct TestSystemConfig : caf::actor_system_config {
  TestSystemConfig() {
    register_messages(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// An actor system in which nothing moves by itself: messages on `scheduler_.run()`, time on
/// `scheduler_.advance_time()`. No threads, no sleeps.
class ActorFixture : public ::testing::Test {
 protected:
  ~ActorFixture() override { scheduler_.run(); }

  /// Moves messages, and then virtual time from deadline to deadline, until something arrived.
  void pump(const std::function<bool()>& arrived) {
    scheduler_.run();
    while (!arrived() && scheduler_.trigger_timeout())
      scheduler_.run();
    ASSERT_TRUE(arrived()) << "nobody answers, and nobody waits for a deadline";
  }

  /// The answer to a request, which may take any virtual time below a minute.
  template <class T, class Handle, class... Ts>
  Result<T> ask(const Handle& whom, Ts&&... message) {
    auto pending = self_->request(whom, std::chrono::minutes(1), std::forward<Ts>(message)...);
    pump([this] { return self_->has_next_message(); });
    Result<T> answer = Error{Errc::kUnavailable, "no answer"};
    const auto refused = [&](const caf::error& error) {
      answer = from_caf_error(error, "the test waited");
    };
    if constexpr (std::is_void_v<T>)
      pending.receive([&] { answer = Result<void>(); }, refused);
    else
      pending.receive([&](const T& value) { answer = value; }, refused);
    return answer;
  }

  TestSystemConfig config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_ =
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  caf::scoped_actor self_{system_};
};

}  // namespace nelumbo
