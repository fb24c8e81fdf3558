// SPDX-License-Identifier: Apache-2.0
#include "actors/answer_book.h"

#include <gtest/gtest.h>

#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

AnswerBook::Time at(int64_t seconds) {
  return AnswerBook::Time(std::chrono::seconds(seconds));
}

AnswerJob job_of(int64_t groups) {
  AnswerJob job;
  job.requests.resize(static_cast<size_t>(groups));
  job.incarnation = 3;
  return job;
}

std::vector<uint64_t> ids(const std::vector<ScoredGroup>& groups) {
  std::vector<uint64_t> all;
  for (const ScoredGroup& group : groups)
    all.push_back(static_cast<uint64_t>(group.group->id));
  return all;
}

TEST(AnswerBook, GivesBackAJobWholeAndInOrder) {
  AnswerBook book;
  EXPECT_FALSE(book.take());
  book.open(false);
  book.add(job_of(2), at(1));
  EXPECT_EQ(book.incarnation(), 3U);
  book.collect(book.number(), fake_scored(8, {1}), at(2));
  EXPECT_FALSE(book.take());
  EXPECT_EQ(book.text(), "1 of 2 groups");
  EXPECT_EQ(book.seconds(at(3)), 0);
  book.collect(book.number(), fake_scored(7, {1}), at(4));
  EXPECT_EQ(ids(*book.take()), (std::vector<uint64_t>{7, 8}));
  EXPECT_TRUE(book.empty());
  EXPECT_FALSE(book.incarnation());
  EXPECT_EQ(book.seconds(at(9)), 3);
}

TEST(AnswerBook, GivesBackWhatIsFedAsItComes) {
  AnswerBook book;
  book.open(true);
  book.add(job_of(2), at(0));
  book.collect(book.number(), fake_scored(8, {1}), at(1));
  EXPECT_EQ(ids(*book.take()), (std::vector<uint64_t>{8}));
  EXPECT_FALSE(book.take());
  EXPECT_TRUE(book.is_fed());
  book.add(job_of(1), at(2));
  book.collect(book.number(), fake_scored(9, {1}), at(3));
  book.collect(book.number(), fake_scored(7, {1}), at(3));
  EXPECT_EQ(book.seconds(at(5)), 3);
  book.add(job_of(1), at(5));
  EXPECT_EQ(book.seconds(at(6)), 4);
  EXPECT_EQ(ids(*book.take()), (std::vector<uint64_t>{9, 7}));
  EXPECT_FALSE(book.empty());
  book.collect(book.number(), fake_scored(6, {1}), at(7));
  EXPECT_EQ(ids(*book.take()), (std::vector<uint64_t>{6}));
  EXPECT_TRUE(book.empty());
}

TEST(AnswerBook, RefusesWhatBelongsToNoJob) {
  AnswerBook book;
  book.open(false);
  book.add(job_of(1), at(0));
  const int64_t first = book.number();
  book.clear(at(2));
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.seconds(at(2)), 2);
  book.open(false);
  book.add(job_of(1), at(2));
  book.collect(first, fake_scored(1, {1}), at(3));
  EXPECT_FALSE(book.take());
  book.clear(at(2));
  book.open(false);
  book.add(job_of(0), at(2));
  EXPECT_TRUE(book.take()->empty());
}

}  // namespace
}  // namespace nelumbo
