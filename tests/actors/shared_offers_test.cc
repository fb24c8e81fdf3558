// SPDX-License-Identifier: Apache-2.0
#include "actors/shared_offers.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

class SharedOffersTest : public testing::Test {
 protected:
  SharedOffersTest() : channel_(BulkChannel::listen({}).value()), offers_(*channel_) {}

  /// Offers the text of an object, and counts how often it is written.
  BulkRef offer(const Shared<std::string>& object) {
    return offers_.offer(object, [&] {
      ++written_;
      return object ? std::vector<char>(object->begin(), object->end()) : std::vector<char>();
    });
  }

  std::unique_ptr<BulkChannel> channel_;
  SharedOffers offers_;
  std::atomic<int> written_ = 0;
};

TEST_F(SharedOffersTest, WritesAnObjectOnceForAll) {
  const auto job = share(std::string("a job"));
  const BulkRef first = offer(job);
  EXPECT_EQ(offer(job), first);
  EXPECT_EQ(first.size, 5U);
  EXPECT_EQ(written_, 1);
  EXPECT_EQ(channel_->bytes_on_offer(), 5U);
}

TEST_F(SharedOffersTest, LetsGoBehindTheLast) {
  const auto job = share(std::string("a job"));
  const BulkRef ref = offer(job);
  offer(job);
  offers_.withdraw(ref);
  EXPECT_EQ(channel_->bytes_on_offer(), 5U);
  offers_.withdraw(ref);
  EXPECT_EQ(channel_->bytes_on_offer(), 0U);
  EXPECT_EQ(job.use_count(), 1);
  EXPECT_NE(offer(job), ref);
  EXPECT_EQ(written_, 2);
}

TEST_F(SharedOffersTest, KeepsObjectsApart) {
  const auto one = share(std::string("one")), other = share(std::string("other"));
  const BulkRef first = offer(one), second = offer(other);
  EXPECT_NE(first, second);
  offers_.withdraw(first);
  EXPECT_EQ(channel_->bytes_on_offer(), 5U);
  offers_.withdraw(second);
}

TEST_F(SharedOffersTest, SharesNothingWithoutAnObject) {
  EXPECT_NE(offer(nullptr).object, offer(nullptr).object);
  EXPECT_EQ(written_, 2);
}

TEST_F(SharedOffersTest, WritesOnceForThreadsThatComeTogether) {
  const auto job = share(std::string(1000, 'x'));
  std::vector<std::jthread> ranks;
  for (int rank = 0; rank < 8; ++rank)
    ranks.emplace_back([&] { offer(job); });
  ranks.clear();
  EXPECT_EQ(written_, 1);
  EXPECT_EQ(channel_->bytes_on_offer(), 1000U);
}

}  // namespace
}  // namespace nelumbo
