// SPDX-License-Identifier: Apache-2.0
#include "actors/rollout_node.h"

#include <gtest/gtest.h>

#include "tests/support/remote_pairs.h"

namespace nelumbo {
namespace {

class RolloutNodeTest : public RolloutPair {};

TEST_F(RolloutNodeTest, EndsWithTheErrorOfItsRolloutActor) {
  start_remote();
  start_node({.throw_at_group = 1});
  ASSERT_TRUE(
      ask<PolicyVersion>(remote_, LoadAtom::value, share(fake_weights(1)), PolicyVersion{1}).ok());
  (*self_)->send(remote_, LeaseAtom::value, ticket(1), request(1));
  EXPECT_NE(end_of(node_).find("planted by faults.throw_at_group"), std::string::npos);
}

TEST_F(RolloutNodeTest, RefusesWeightsThatAreNoWeights) {
  start_node();
  const BulkRef bytes = here_->offer(share(Bytes{'n', 'o'}));
  const auto loaded =
      ask<PolicyVersion>(node_, LoadAtom::value, PolicyVersion{1}, OfferedWeights{bytes, ""});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, Errc::kBadData);
}

TEST_F(RolloutNodeTest, TakesWeightsFromMemoryOfItsHost) {
  start_node();
  WeightsOnOffer offers(*here_, true);
  const OfferedWeights offered = offers.offer(share(fake_weights(1)), PolicyVersion{1});
  here_->withdraw(offered.ref);
  const auto loaded = ask<PolicyVersion>(node_, LoadAtom::value, PolicyVersion{1}, offered);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
}

TEST_F(RolloutNodeTest, FetchesWeightsThatItDoesNotFindThere) {
  start_node();
  WeightsOnOffer offers(*here_, true);
  OfferedWeights offered = offers.offer(share(fake_weights(1)), PolicyVersion{1});
  offered.near = "/proc/self/fd/100000";
  const auto loaded = ask<PolicyVersion>(node_, LoadAtom::value, PolicyVersion{1}, offered);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
}

TEST_F(RolloutNodeTest, EndsWhenARequestIsNone) {
  start_node();
  const BulkRef bytes = here_->offer(share(Bytes{'n', 'o'}));
  (*self_)->send(node_, LeaseAtom::value, ticket(1), bytes, RolloutDesk());
  EXPECT_NE(end_of(node_).find("not what they should be"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
