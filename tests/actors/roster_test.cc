// SPDX-License-Identifier: Apache-2.0
#include "actors/roster.h"

#include <caf/event_based_actor.hpp>

#include "tests/support/actor_fixture.h"

namespace nelumbo {
namespace {

using std::chrono::milliseconds;

caf::behavior idle(caf::event_based_actor*) {
  return {[](StepAtom) {}};
}

class RosterTest : public ActorFixture {};

TEST_F(RosterTest, IsEmptyWhenAllHaveEnded) {
  Roster roster(system_, Threads::kPooled);
  const std::stop_source stop;
  roster.heavy(stop, idle);
  roster.light(idle);
  scheduler_.run();
  EXPECT_FALSE(roster.wait_until_empty(milliseconds(0)));
  roster.dismiss_all();
  scheduler_.run();
  EXPECT_TRUE(roster.wait_until_empty(milliseconds(0)));
  EXPECT_TRUE(stop.stop_requested());
}

TEST_F(RosterTest, DismissesWhoeverComesAfterTheEnd) {
  Roster roster(system_, Threads::kPooled);
  roster.dismiss_all();
  const std::stop_source stop;
  roster.heavy(stop, idle);
  scheduler_.run();
  EXPECT_TRUE(stop.stop_requested());
  EXPECT_TRUE(roster.wait_until_empty(milliseconds(0)));
}

}  // namespace
}  // namespace nelumbo
