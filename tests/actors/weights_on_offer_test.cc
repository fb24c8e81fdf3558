// SPDX-License-Identifier: Apache-2.0
#include "actors/weights_on_offer.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

class WeightsOnOfferTest : public testing::Test {
 protected:
  std::unique_ptr<BulkChannel> channel_ = BulkChannel::listen({}).value();
  WeightsOnOffer offers_{*channel_, true};
};

TEST_F(WeightsOnOfferTest, AreWrittenOnceForAVersion) {
  const OfferedWeights first = offers_.offer(share(fake_weights(1)), PolicyVersion{4});
  const OfferedWeights again = offers_.offer(share(fake_weights(2)), PolicyVersion{4});
  EXPECT_EQ(again.ref, first.ref);
  EXPECT_EQ(again.near, first.near);
  EXPECT_EQ(channel_->bytes_on_offer(), first.ref.size);
}

TEST_F(WeightsOnOfferTest, AreFoundOnTheSameHost) {
  const OfferedWeights offered = offers_.offer(share(fake_weights(1)), PolicyVersion{4});
  const auto found = weights_nearby(offered);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(weights_hash(*found), weights_hash(fake_weights(1)));
}

TEST_F(WeightsOnOfferTest, OutliveTheNextVersionAndNoMore) {
  const OfferedWeights first = offers_.offer(share(fake_weights(1)), PolicyVersion{1});
  const OfferedWeights second = offers_.offer(share(fake_weights(2)), PolicyVersion{2});
  EXPECT_TRUE(weights_nearby(first).has_value());
  const OfferedWeights third = offers_.offer(share(fake_weights(3)), PolicyVersion{3});
  EXPECT_EQ(third.near, first.near);
  EXPECT_FALSE(weights_nearby(first).has_value()) << "others are there";
  EXPECT_EQ(weights_hash(*weights_nearby(second)), weights_hash(fake_weights(2)));
  EXPECT_EQ(weights_hash(*weights_nearby(third)), weights_hash(fake_weights(3)));
}

TEST_F(WeightsOnOfferTest, AreNotLaidOutWhereNobodyIsNear) {
  WeightsOnOffer far(*channel_, false);
  const OfferedWeights offered = far.offer(share(fake_weights(1)), PolicyVersion{1});
  EXPECT_EQ(offered.near, "");
  EXPECT_FALSE(weights_nearby(offered).has_value());
}

TEST_F(WeightsOnOfferTest, AreNotTakenFromAPathOfSomethingElse) {
  OfferedWeights offered = offers_.offer(share(fake_weights(1)), PolicyVersion{1});
  offered.near = "/proc/self/exe";
  EXPECT_FALSE(weights_nearby(offered).has_value());
}

}  // namespace
}  // namespace nelumbo
