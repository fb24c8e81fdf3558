// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster.h"

#include <gtest/gtest.h>

#include "actors/node.h"
#include "tests/support/joined_node.h"

namespace nelumbo {
namespace {

class ClusterTest : public JoinedNode {};

TEST_F(ClusterTest, ActorsItHiresWorkInTheProcessesThatJoined) {
  open();
  std::thread node = join("rollout", "r");
  std::thread other = join("learner", "l");
  // No handle outlives the system, which `close` ends.
  EXPECT_EQ(ask<PolicyVersion>(cluster_->hire_rollout(*roster_, RolloutClient()), LoadAtom::value,
                               share(fake_weights(1)), PolicyVersion{9})
                .value(),
            PolicyVersion{9});
  EXPECT_EQ(
      weights_hash(
          *ask<Shared<WeightSet>>(cluster_->hire_learner(*roster_, 0), WeightsAtom::value).value()),
      weights_hash(*FakeLearner().weights().value()));
  close();
  node.join();
  other.join();
  EXPECT_TRUE(ends_["r"].ok()) << ends_["r"].error().message;
  EXPECT_TRUE(ends_["l"].ok()) << ends_["l"].error().message;
}

TEST_F(ClusterTest, ListensOnTheLoopbackInterfaceAlone) {
  open();
  EXPECT_GT(cluster_->address().port, 0);
  // In hexadecimal, as the kernel lists them: nothing of this process may listen on 0.0.0.0.
  std::ifstream table("/proc/self/net/tcp");
  char port[8];
  std::snprintf(port, sizeof port, ":%04X", cluster_->address().port);
  bool found = false;
  for (std::string line; std::getline(table, line);)
    if (line.find(std::string("0100007F") + port) != std::string::npos)
      found = true;
    else
      EXPECT_EQ(line.find(std::string("00000000") + port), std::string::npos) << line;
  EXPECT_TRUE(found);
}

TEST_F(ClusterTest, ToOtherMachinesNeedsCertificates) {
  ClusterSetup setup;
  setup.listening.address.host = "0.0.0.0";
  setup.warn = [](const std::string&) {};
  const auto opened = Cluster::open(*system_, std::move(setup));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().message, "0.0.0.0:0: needs certificates");
}

}  // namespace
}  // namespace nelumbo
