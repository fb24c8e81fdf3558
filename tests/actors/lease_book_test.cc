// SPDX-License-Identifier: Apache-2.0
#include "actors/lease_book.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/fake_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using std::chrono::seconds;

constexpr PolicyVersion kVersion{3};

class LeaseBookTest : public ::testing::Test {
 protected:
  LeaseBookTest() { book_.require(kVersion); }

  Session worker() {
    const Session session = book_.hire();
    book_.acknowledge(session, kVersion);
    return session;
  }
  void ask(uint64_t id) {
    auto request = std::make_shared<GroupRequest>();
    request->id = GroupId{id};
    request->prompt = fake_prompt("p" + std::to_string(id));
    request->samples = 4;
    book_.add(request);
  }

  LeaseBook::Time now_{};
  LeaseBook book_{{seconds(10), 8, 2, 3}};
};

TEST_F(LeaseBookTest, LeasesToWhoHasMostRoom) {
  const Session first = worker(), second = worker();
  for (uint64_t id : {1, 2, 3})
    ask(id);
  const auto grants = book_.assign(now_);
  ASSERT_EQ(grants.size(), 3U);
  EXPECT_EQ(grants[0].ticket, (LeaseTicket{first, GroupId{1}, 1, 1}));
  EXPECT_EQ(grants[1].ticket, (LeaseTicket{second, GroupId{2}, 1, 2}));
  EXPECT_EQ(grants[2].ticket.session, first);
}

TEST_F(LeaseBookTest, LeasesNoMoreThanTheSlots) {
  const Session only = worker();
  for (uint64_t id : {1, 2, 3})
    ask(id);
  const auto grants = book_.assign(now_);
  ASSERT_EQ(grants.size(), 2U);
  EXPECT_TRUE(book_.finish(grants[0].ticket, now_));
  const auto next = book_.assign(now_);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].ticket, (LeaseTicket{only, GroupId{3}, 1, 3}));
}

TEST_F(LeaseBookTest, LeasesNothingToWhoHasOldWeights) {
  const Session session = book_.hire();
  ask(1);
  EXPECT_TRUE(book_.assign(now_).empty());
  book_.acknowledge(session, PolicyVersion{2});
  EXPECT_TRUE(book_.assign(now_).empty());
  EXPECT_FALSE(book_.all_current(now_));
  book_.acknowledge(session, kVersion);
  EXPECT_TRUE(book_.all_current(now_));
  EXPECT_EQ(book_.assign(now_).size(), 1U);
}

TEST_F(LeaseBookTest, DoesNotWaitForWhoWasJustHired) {
  EXPECT_FALSE(book_.all_current(now_));
  const Session old = worker();
  EXPECT_TRUE(book_.all_current(now_));
  const Session young = book_.hire();
  EXPECT_TRUE(book_.all_current(now_));
  book_.acknowledge(young, PolicyVersion{2});
  EXPECT_FALSE(book_.all_current(now_));
  book_.acknowledge(young, kVersion);
  EXPECT_TRUE(book_.all_current(now_));
  ASSERT_TRUE(book_.dismiss(old, "gone", false).ok());
  EXPECT_TRUE(book_.all_current(now_));
}

TEST_F(LeaseBookTest, ReissuesTheGroupsOfADismissedMemberFirst) {
  const Session first = worker();
  for (uint64_t id : {1, 2, 3})
    ask(id);
  const auto lost = book_.assign(now_);
  ASSERT_TRUE(book_.dismiss(first, "died").ok());
  const Session second = worker();
  const auto grants = book_.assign(now_);
  ASSERT_EQ(grants.size(), 2U);
  EXPECT_EQ(grants[0].ticket, (LeaseTicket{second, GroupId{1}, 2, 3}));
  EXPECT_EQ(book_.restarts(), 1);
}

TEST_F(LeaseBookTest, FencesTheResultOfADeadSession) {
  const Session first = worker();
  ask(1);
  const auto lost = book_.assign(now_);
  ASSERT_TRUE(book_.dismiss(first, "late").ok());
  worker();
  const auto again = book_.assign(now_);
  EXPECT_FALSE(book_.finish(lost[0].ticket, now_));
  EXPECT_TRUE(book_.finish(again[0].ticket, now_));
  EXPECT_FALSE(book_.finish(again[0].ticket, now_));
  EXPECT_EQ(book_.fenced(), 2);
  EXPECT_TRUE(book_.idle());
}

TEST_F(LeaseBookTest, CallsAMemberOverdueAtItsDeadline) {
  const Session session = worker();
  ask(1);
  (void)book_.assign(now_);
  EXPECT_EQ(book_.next_deadline(now_), now_ + seconds(10));
  EXPECT_TRUE(book_.overdue(now_ + seconds(9)).empty());
  EXPECT_EQ(book_.overdue(now_ + seconds(10)), std::vector<Session>{session});
}

TEST_F(LeaseBookTest, GivesAMemberThatDeliversMoreTime) {
  worker();
  ask(1);
  ask(2);
  const auto grants = book_.assign(now_);
  EXPECT_TRUE(book_.finish(grants[0].ticket, now_ + seconds(9)));
  EXPECT_EQ(book_.next_deadline(now_), now_ + seconds(19));
}

TEST_F(LeaseBookTest, GivesUpWhenTheBudgetIsSpent) {
  ASSERT_TRUE(book_.dismiss(worker(), "died").ok());
  ASSERT_TRUE(book_.dismiss(worker(), "died").ok());
  const auto third = book_.dismiss(worker(), "a planted fault");
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, Errc::kUnavailable);
  EXPECT_NE(third.error().message.find("a planted fault, and the 2 restarts"), std::string::npos)
      << third.error().message;
}

TEST_F(LeaseBookTest, OneThatNobodyReplacesCostsNoRestart) {
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(book_.dismiss(worker(), "it left", false).ok());
  EXPECT_EQ(book_.restarts(), 0);
  const Session session = worker();
  ask(1);
  EXPECT_EQ(book_.waiting(), 1);
  book_.assign(now_);
  EXPECT_EQ(book_.groups_of(session), 1);
  EXPECT_EQ(book_.version_of(session), kVersion);
  EXPECT_TRUE(book_.dismiss(session, "it left", false).ok());
  EXPECT_EQ(book_.waiting(), 1) << "its group is answered by another";
}

TEST_F(LeaseBookTest, NamesThePromptThatEveryHolderFailsOn) {
  LeaseBook book({seconds(10), 8, 100, 2});
  book.require(kVersion);
  auto request = std::make_shared<GroupRequest>();
  request->prompt = fake_prompt("poison");
  book.add(request);
  Result<void> verdict;
  for (int i = 0; i < 2; ++i) {
    const Session session = book.hire();
    book.acknowledge(session, kVersion);
    (void)book.assign(now_);
    verdict = book.dismiss(session, "died");
  }
  ASSERT_FALSE(verdict.ok());
  EXPECT_NE(verdict.error().message.find("prompt poison"), std::string::npos);
}

/// Two members that have delivered eight groups within a second.
class SlowMemberTest : public LeaseBookTest {
 protected:
  SlowMemberTest() {
    book_ = LeaseBook({seconds(1000), 100, 2, 3});
    book_.require(kVersion);
    first_ = worker();
    second_ = worker();
    for (uint64_t id = 1; id <= 8; ++id)
      ask(id);
    for (const Grant& grant : book_.assign(now_))
      EXPECT_TRUE(book_.finish(grant.ticket, now_ + seconds(1)));
    now_ += seconds(1);
  }

  /// Group 11 is with the first member, which is found to be slow.
  LeaseTicket slow_lease() {
    ask(11);
    const auto grants = book_.assign(now_);
    now_ += kPatience;
    EXPECT_EQ(book_.rest_slow(now_), std::vector<Session>{first_});
    return grants.at(0).ticket;
  }

  static constexpr seconds kPatience{6};  ///< six times what they took
  Session first_, second_;
};

TEST_F(SlowMemberTest, IsMeasuredByGroupsLikeItsOwn) {
  auto longer = std::make_shared<GroupRequest>();
  longer->prompt = fake_prompt("p");
  longer->samples = 64;
  book_.add(longer);
  (void)book_.assign(now_);
  EXPECT_TRUE(book_.rest_slow(now_ + seconds(100)).empty());
}

TEST_F(SlowMemberTest, RestsWhileOthersAnswerItsGroupsToo) {
  ask(11);
  ask(12);
  const auto grants = book_.assign(now_);
  ASSERT_EQ(grants[0].ticket.session, first_);
  EXPECT_TRUE(book_.finish(grants[1].ticket, now_));
  EXPECT_EQ(book_.next_deadline(now_), now_ + kPatience);
  EXPECT_TRUE(book_.rest_slow(now_ + seconds(5)).empty());
  now_ += kPatience;
  EXPECT_EQ(book_.rest_slow(now_), std::vector<Session>{first_});
  ask(13);
  const auto more = book_.assign(now_);
  ASSERT_EQ(more.size(), 2U);
  EXPECT_EQ(more[0].ticket.group, GroupId{11}) << "first of all";
  EXPECT_EQ(more[0].ticket.session, second_);
  EXPECT_EQ(more[0].ticket.attempt, 1) << "nobody failed";
  EXPECT_EQ(more[1].ticket.session, second_);
  EXPECT_TRUE(book_.finish(more[0].ticket, now_));
  EXPECT_FALSE(book_.finish(grants[0].ticket, now_)) << "another was first";
  EXPECT_TRUE(book_.finish(more[1].ticket, now_));
  EXPECT_TRUE(book_.idle());
  EXPECT_FALSE(book_.rests(first_, now_ + Patience::rest(kPatience))) << "it gets another chance";
}

TEST_F(SlowMemberTest, IsHeardWhereItIsFirstAfterAll) {
  const LeaseTicket late = slow_lease();
  EXPECT_EQ(book_.waiting(), 1);
  EXPECT_TRUE(book_.finish(late, now_));
  EXPECT_EQ(book_.waiting(), 0);
  EXPECT_TRUE(book_.idle());
}

TEST_F(SlowMemberTest, IsNoneWhereNobodyElseIsThere) {
  EXPECT_TRUE(book_.dismiss(second_, "left", false).ok());
  ask(11);
  (void)book_.assign(now_);
  EXPECT_EQ(book_.next_deadline(now_), now_ + seconds(1000));
  EXPECT_TRUE(book_.rest_slow(now_ + seconds(100)).empty());
}

TEST_F(SlowMemberTest, OneOfThemAlwaysWorks) {
  ask(11);
  ask(12);
  (void)book_.assign(now_);
  EXPECT_EQ(book_.rest_slow(now_ + seconds(100)), std::vector<Session>{first_});
}

TEST_F(SlowMemberTest, WorksOnWhereTheOthersEnd) {
  (void)slow_lease();
  EXPECT_TRUE(book_.dismiss(second_, "died").ok());
  ask(12);
  const auto more = book_.assign(now_);
  ASSERT_EQ(more.size(), 1U) << "its own group is not leased to it twice";
  EXPECT_EQ(more[0].ticket.group, GroupId{12});
  EXPECT_EQ(more[0].ticket.session, first_);
}

TEST_F(SlowMemberTest, WhereBothHoldersEndTheGroupIsLeasedAnew) {
  (void)slow_lease();
  EXPECT_EQ(book_.assign(now_).size(), 1U);
  EXPECT_TRUE(book_.dismiss(first_, "died").ok());
  EXPECT_EQ(book_.waiting(), 0);
  EXPECT_TRUE(book_.dismiss(second_, "died").ok());
  EXPECT_EQ(book_.waiting(), 1);
}

TEST_F(SlowMemberTest, IsNotHeardForAGroupOfALaterJobThatIsNamedAlike) {
  const LeaseTicket before = slow_lease();
  const auto moved = book_.assign(now_);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_TRUE(book_.finish(moved[0].ticket, now_));
  EXPECT_TRUE(book_.idle());
  now_ += seconds(1000);  // it has rested, and still holds its group
  ask(11);
  ask(12);
  const auto later = book_.assign(now_);
  ASSERT_EQ(later.size(), 2U);
  EXPECT_EQ(later[0].ticket.session, second_) << "one process has one group of a name";
  EXPECT_EQ(later[1].ticket.session, first_);
  EXPECT_FALSE(book_.finish(before, now_)) << "the answer of the job before";
  EXPECT_TRUE(book_.finish(later[0].ticket, now_));
}

TEST_F(SlowMemberTest, IsNotWaitedForWhenWeightsComeWhileItRests) {
  (void)slow_lease();
  book_.require(PolicyVersion{4});
  book_.acknowledge(second_, PolicyVersion{4});
  EXPECT_TRUE(book_.all_current(now_));
  EXPECT_FALSE(book_.all_current(now_ + seconds(1000)));
}

class SuspectsTest : public LeaseBookTest {
 protected:
  SuspectsTest() {
    book_ = LeaseBook({.deadline = seconds(10),
                       .slots = 8,
                       .restarts = 9,
                       .most_attempts = 9,
                       .crashes = crashes_});
    book_.require(kVersion);
  }
  static std::vector<uint64_t> groups(const std::vector<Grant>& grants) {
    std::vector<uint64_t> all;
    for (const Grant& grant : grants)
      all.push_back(static_cast<uint64_t>(grant.ticket.group));
    return all;
  }
  using Ids = std::vector<uint64_t>;

  TemporaryFolder folder_;
  std::shared_ptr<CrashBook> crashes_ = std::make_shared<CrashBook>(folder_.path());
};

TEST_F(SuspectsTest, AreAnsweredAloneAndOneAfterTheOther) {
  (void)worker();
  (void)worker();
  (void)crashes_->charge({"p1", "p2"}, "rollout-0");
  for (uint64_t id : {1, 2, 3, 4, 5})
    ask(id);
  const auto grants = book_.assign(now_);
  EXPECT_EQ(groups(grants), (Ids{1, 3, 4})) << "3 and 4 with the other worker, 2 and 5 wait";
  EXPECT_NE(grants[0].ticket.session, grants[1].ticket.session);
  EXPECT_EQ(grants[1].ticket.session, grants[2].ticket.session);
  crashes_->clear("p1");
  EXPECT_TRUE(book_.finish(grants[0].ticket, now_));
  EXPECT_EQ(groups(book_.assign(now_)), (Ids{2}));
}

TEST_F(SuspectsTest, GroupsOfADeadHolderRestUntilItIsKnownWhatItDiedOver) {
  const Session first = worker();
  (void)worker();
  ask(1);
  ASSERT_EQ(book_.assign(now_).size(), 1U);
  EXPECT_TRUE(book_.dismiss(first, "died", true, now_).ok());
  ask(2);
  EXPECT_EQ(groups(book_.assign(now_)), (Ids{2})) << "others go on";
  EXPECT_EQ(groups(book_.assign(now_ + LeaseBook::kVerdict)), (Ids{1}));
}

TEST_F(SuspectsTest, LeaveTheBookWhenTwoProcessesCrashedOverThem) {
  (void)crashes_->charge({"p1", "p2"}, "rollout-0");
  (void)crashes_->charge({"p1"}, "rollout-0");
  ask(1);
  ask(2);
  const auto taken = book_.take_quarantined();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]->prompt->id, "p1");
  EXPECT_EQ(book_.waiting(), 1);
}

/// Property: whatever dies or is slow and whenever, each group is delivered once and nobody holds
/// more than the slots.
TEST_F(LeaseBookTest, DeliversEachGroupOnceThroughRandomDeaths) {
  LeaseBook book({seconds(10), 8, 1000, 1000});
  book.require(kVersion);
  Random random(5, Purpose::kControl);
  for (uint64_t id = 0; id < 200; ++id) {
    auto request = std::make_shared<GroupRequest>();
    request->id = GroupId{id};
    request->samples = 4;
    request->prompt = fake_prompt("p");
    book.add(request);
  }
  const auto hire = [&] { book.acknowledge(book.hire(), kVersion); };
  hire();
  hire();
  std::vector<LeaseTicket> out;
  std::set<GroupId> delivered;
  int64_t slow = 0;
  while (!book.idle()) {
    for (const Grant& grant : book.assign(now_))
      out.push_back(grant.ticket);
    const auto pick = static_cast<size_t>(random.below(std::ssize(out)));
    now_ += std::chrono::milliseconds(random.below(500));
    if (random.below(3) == 0)
      slow += std::ssize(book.rest_slow(now_));
    if (random.below(4) == 0) {
      ASSERT_TRUE(book.dismiss(out[pick].session, "died").ok());
      if (book.members().size() < 2)
        hire();
    } else if (book.finish(out[pick], now_)) {
      EXPECT_TRUE(delivered.insert(out[pick].group).second);
    }
  }
  EXPECT_EQ(delivered.size(), 200U);
  EXPECT_GT(slow, 0);
}

}  // namespace
}  // namespace nelumbo
