// SPDX-License-Identifier: Apache-2.0
#include "actors/find_door.h"

#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include "tests/support/joined_node.h"

namespace nelumbo {
namespace {

constexpr std::chrono::seconds kLimit{10};

class FindDoor : public JoinedNode {
 protected:
  /// As a process of its own would look for it.
  Result<DoorActor> find(const Address& address) {
    return find_door(other_, address, nullptr, kLimit);
  }

  struct Admitting : SystemConfig {
    Admitting() { admit_processes(); }
  };
  Admitting other_config_;
  caf::actor_system other_{other_config_};
};

TEST_F(FindDoor, GivesADoorThatAnswers) {
  open();
  auto door = find(cluster_->address());
  ASSERT_TRUE(door.ok()) << door.error().message;
  caf::scoped_actor self(other_);
  std::string challenge = "none came";
  self->request(door.value(), kLimit, HelloAtom::value)
      .receive([&](const std::string& text) { challenge = text; }, [](const caf::error&) {});
  EXPECT_EQ(challenge, "");
}

TEST_F(FindDoor, SaysThatAnotherProtocolIsSpoken) {
  const caf::actor stranger =
      system_->spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
  const auto port = system_->middleman().publish(stranger, 0, kLoopback);
  ASSERT_TRUE(port);
  const auto door = find({kLoopback, *port});
  ASSERT_FALSE(door.ok());
  EXPECT_EQ(door.error().code, Errc::kInvalidConfig);
  EXPECT_NE(door.error().message.find("run the same version of nelumbo on both"),
            std::string::npos);
  caf::anon_send_exit(stranger, caf::exit_reason::user_shutdown);
}

TEST_F(FindDoor, SaysThatNobodyAnswers) {
  EXPECT_EQ(find({kLoopback, 1}).error().code, Errc::kUnavailable);
}

}  // namespace
}  // namespace nelumbo
