// SPDX-License-Identifier: Apache-2.0
#include "actors/system_config.h"

#include <caf/actor_system.hpp>
#include <gtest/gtest.h>

#include "actors/node_protocol.h"
#include "tests/support/certificate_folder.h"
#include "tests/support/wire.h"

namespace nelumbo {
namespace {

class SystemConfigTest : public ::testing::Test {
 protected:
  /// With its preparations behind it: an actor system reads them when it begins.
  struct Admitting : SystemConfig {
    Admitting() { admit_processes(); }
  };

  Admitting config_;
  caf::actor_system system_{config_};
};

TEST_F(SystemConfigTest, TalksToOtherProcesses) {
  EXPECT_TRUE(system_.has_middleman());
  SystemConfig alone;
  EXPECT_FALSE(caf::actor_system(alone).has_middleman());
}

TEST_F(SystemConfigTest, SpeaksTlsWhereItHasCredentials) {
  EXPECT_FALSE(system_.has_openssl_manager());
  const CertificateFolder folder;
  const auto credentials = folder.load("node");
  SystemConfig secure;
  secure.admit_processes(credentials.get());
  EXPECT_TRUE(caf::actor_system(secure).has_openssl_manager());
}

TEST_F(SystemConfigTest, EveryMessageBetweenProcessesArrivesWhole) {
  const BulkRef ref = over_the_wire(system_, BulkRef{1, 2, 0xffffffffffffffff});
  EXPECT_EQ(ref.object, 1U);
  EXPECT_EQ(ref.size, 2U);
  EXPECT_EQ(ref.hash, 0xffffffffffffffff);
  const JoinRequest join =
      over_the_wire(system_, JoinRequest{"rollout-0", "rollout", 3, "PEM", "s"});
  EXPECT_EQ(join.worker, "rollout-0");
  EXPECT_EQ(join.role, "rollout");
  EXPECT_EQ(join.protocol, 3U);
  EXPECT_EQ(join.certificate, "PEM");
  EXPECT_EQ(join.signature, "s");
  EXPECT_EQ(over_the_wire(system_, WorkInputs{{{"data", "d"}, {"program", "p"}}}).values,
            (std::map<std::string, std::string>{{"data", "d"}, {"program", "p"}}));
  const Welcome welcome = over_the_wire(
      system_, Welcome{NodeSession{4}, "run: {}", "a.yaml", "rollout-0#4", 65535, 2500});
  EXPECT_EQ(welcome.session, NodeSession{4});
  EXPECT_EQ(welcome.config, "run: {}");
  EXPECT_EQ(welcome.config_path, "a.yaml");
  EXPECT_EQ(welcome.peer, "rollout-0#4");
  EXPECT_EQ(welcome.bulk_port, 65535);
  EXPECT_EQ(welcome.beat_ms, 2500);
  const LearnerSeat seat =
      over_the_wire(system_, LearnerSeat{1, 2, "optimizer", "/tmp/meeting", "nccl"});
  EXPECT_EQ(seat.rank, 1);
  EXPECT_EQ(seat.ranks, 2);
  EXPECT_EQ(seat.sharding, "optimizer");
  EXPECT_EQ(seat.meeting, "/tmp/meeting");
  EXPECT_EQ(seat.collectives, "nccl");
  EXPECT_EQ(over_the_wire(system_, LearnKind::kSave), LearnKind::kSave);
}

}  // namespace
}  // namespace nelumbo
