// SPDX-License-Identifier: Apache-2.0
#include "actors/staleness_book.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

using Ids = std::vector<GroupId>;

Ids ids(const std::vector<uint64_t>& numbers) {
  Ids all;
  for (const uint64_t number : numbers)
    all.push_back(GroupId{number});
  return all;
}

void admit(StalenessBook& book, const std::vector<uint64_t>& numbers, uint64_t version) {
  for (const GroupId id : ids(numbers))
    book.admit(id, version);
}

TEST(StalenessBook, TakesWhatWasAnsweredFirstAndWaitsForWhatWouldBeTooOld) {
  StalenessBook book(2, 1, 0);
  EXPECT_EQ(book.room(), 4);
  admit(book, {1, 2, 3, 4}, 0);
  EXPECT_EQ(book.room(), 0);
  EXPECT_FALSE(book.batch(false));
  book.arrive(GroupId{4});
  book.arrive(GroupId{2});
  ASSERT_EQ(book.batch(false), ids({4, 2}));
  book.advance(ids({4, 2}), 1);
  EXPECT_EQ(book.room(), 2);
  admit(book, {5, 6}, 1);
  book.arrive(GroupId{5});
  book.arrive(GroupId{6});
  EXPECT_FALSE(book.batch(false));
  EXPECT_FALSE(book.batch(true));
  book.arrive(GroupId{1});
  EXPECT_FALSE(book.batch(true));
  book.arrive(GroupId{3});
  EXPECT_EQ(book.batch(false), ids({1, 3}));
}

TEST(StalenessBook, AStragglerHoldsUpNobodyWhileItMayBeOlder) {
  StalenessBook book(1, 2, 0);
  admit(book, {1, 2, 3}, 0);
  book.arrive(GroupId{2});
  ASSERT_EQ(book.batch(false), ids({2}));
  book.advance(ids({2}), 1);
  admit(book, {4}, 1);
  book.arrive(GroupId{4});
  EXPECT_FALSE(book.batch(false)) << "1 and 3 need both batches that are left to them";
  book.arrive(GroupId{3});
  ASSERT_EQ(book.batch(false), ids({3}));
  book.advance(ids({3}), 2);
  admit(book, {5}, 2);
  EXPECT_FALSE(book.batch(false));
  book.arrive(GroupId{1});
  EXPECT_EQ(book.batch(false), ids({1}));
}

TEST(StalenessBook, ADropFreesItsSlot) {
  StalenessBook book(2, 0, 5);
  admit(book, {1, 2}, 5);
  book.drop(GroupId{1});
  EXPECT_EQ(book.room(), 1);
  EXPECT_EQ(book.drawn(), 1);
  book.arrive(GroupId{2});
  EXPECT_EQ(book.drawn(), 0);
  EXPECT_EQ(book.held(), 1);
  EXPECT_FALSE(book.batch(false));
  EXPECT_EQ(book.batch(true), ids({2}));
}

/// One random schedule: who is admitted, answered, dropped and trained when. Keeps its own record
/// of versions.
class Schedule {
 public:
  explicit Schedule(uint64_t seed)
      : random_(seed, Purpose::kControl),
        batch_(1 + random_.below(4)),
        staleness_(random_.below(9)),
        book_(batch_, staleness_, 0) {}

  /// The largest lag of a group that was trained; ends when enough batches were.
  uint64_t run() {
    const uint64_t last = 12;
    while (version_ < last && !::testing::Test::HasFailure())
      act();
    return lag_;
  }
  uint64_t staleness() const { return static_cast<uint64_t>(staleness_); }

 private:
  void act() {
    for (int64_t count = random_.below(book_.room() + 1); count > 0; --count) {
      admitted_[GroupId{++last_}] = version_;
      drawn_.push_back(GroupId{last_});
      book_.admit(GroupId{last_}, version_);
    }
    if (!drawn_.empty())
      answer();
    const bool fewer = random_.uniform() < 0.05;
    if (const auto chosen = book_.batch(fewer)) {
      train(*chosen, fewer);
    } else if (drawn_.empty()) {
      EXPECT_GT(book_.room(), 0) << "nothing is drawn, nothing may be, and there is no batch";
    }
  }

  void answer() {
    const auto at = drawn_.begin() + random_.below(std::ssize(drawn_));
    if (random_.uniform() < 0.2) {
      book_.drop(*at);
      admitted_.erase(*at);
    } else {
      book_.arrive(*at);
    }
    drawn_.erase(at);
  }

  void train(const Ids& chosen, bool fewer) {
    EXPECT_LE(std::ssize(chosen), batch_);
    EXPECT_TRUE(fewer || std::ssize(chosen) == batch_);
    EXPECT_EQ(std::set<GroupId>(chosen.begin(), chosen.end()).size(), chosen.size());
    for (const GroupId id : chosen) {
      EXPECT_TRUE(admitted_.contains(id) && std::ranges::find(drawn_, id) == drawn_.end());
      lag_ = std::max(lag_, version_ - admitted_.at(id));
      admitted_.erase(id);
    }
    version_ += !chosen.empty() && random_.uniform() < 0.9 ? 1 : 0;
    book_.advance(chosen, version_);
    for (const auto& [id, version] : admitted_)
      EXPECT_LE(version_ - version, staleness()) << "one that is left is too old already";
  }

  Random random_;
  int64_t batch_, staleness_;
  StalenessBook book_;
  uint64_t version_ = 0, last_ = 0, lag_ = 0;
  std::map<GroupId, uint64_t> admitted_;  ///< and not trained
  Ids drawn_;
};

TEST(StalenessBook, NothingIsEverTooOldInAHundredThousandSchedules) {
  std::map<uint64_t, uint64_t> largest;
  for (uint64_t seed = 0; seed < 100'000; ++seed) {
    Schedule schedule(seed);
    const uint64_t lag = schedule.run();
    ASSERT_LE(lag, schedule.staleness()) << "seed " << seed;
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
    largest[schedule.staleness()] = std::max(largest[schedule.staleness()], lag);
  }
  for (uint64_t staleness = 0; staleness <= 8; ++staleness)
    EXPECT_EQ(largest[staleness], staleness) << "the bound is never reached";
}

}  // namespace
}  // namespace nelumbo
