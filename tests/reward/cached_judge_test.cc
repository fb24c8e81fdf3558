// SPDX-License-Identifier: Apache-2.0
#include "reward/cached_judge.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// Says 1 of "good", fails on "broken", and counts.
class CountingJudge final : public Judge {
 public:
  explicit CountingJudge(int64_t* asked) : asked_(asked) {}
  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions, double) const override {
    std::vector<JudgeReply> replies;
    for (const JudgeQuestion& one : questions) {
      ++*asked_;
      replies.push_back(one.answer == "broken" ? JudgeReply::failure("broken")
                                               : JudgeReply::answer(one.answer == "good", ""));
    }
    return replies;
  }

 private:
  int64_t* asked_;
};

JudgeQuestion about(const std::string& answer, const std::string& criterion = "c") {
  return {"j", "q", criterion, answer, JudgeForm::kMet};
}

class CachedJudgeTest : public testing::Test {
 protected:
  int64_t asked_ = 0;
  CachedJudge judge_{std::make_unique<CountingJudge>(&asked_), "id", 2};

  double ask(const JudgeQuestion& question) {
    const auto reply = judge_.ask({&question, 1}, 1).front();
    return reply.ok() ? reply.value : -1;
  }
};

TEST_F(CachedJudgeTest, AsksEachThingOnce) {
  EXPECT_EQ(ask(about("good")), 1);
  EXPECT_EQ(ask(about("good")), 1);
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(ask(about("bad")), 0);
  EXPECT_EQ(ask(about("good", "another")), 1);
  JudgeQuestion scale = about("good");
  scale.form = JudgeForm::kScale;
  ask(scale);
  EXPECT_EQ(asked_, 4);
  EXPECT_EQ(judge_.counts().questions, 5);
  EXPECT_EQ(judge_.counts().cache_hits, 1);
}

TEST_F(CachedJudgeTest, SendsTwinsOfABatchOnceAndKeepsOrder) {
  const std::vector<JudgeQuestion> batch = {about("bad"), about("good"), about("bad"),
                                            about("broken"), about("good")};
  const auto replies = judge_.ask(batch, 1);
  EXPECT_EQ(asked_, 3);
  EXPECT_EQ(replies[0].value, 0);
  EXPECT_EQ(replies[1].value, 1);
  EXPECT_EQ(replies[2].value, 0);
  EXPECT_FALSE(replies[3].ok());
  EXPECT_EQ(replies[4].value, 1);
}

TEST_F(CachedJudgeTest, ForgetsTheOldestAndKeepsNoFailure) {
  ask(about("broken"));
  ask(about("broken"));
  EXPECT_EQ(asked_, 2);
  ask(about("1"));
  ask(about("2"));
  ask(about("1"));  // used again: 2 is now the oldest
  ask(about("3"));
  EXPECT_EQ(asked_, 5);
  ask(about("1"));
  EXPECT_EQ(asked_, 5);
  ask(about("2"));
  EXPECT_EQ(asked_, 6);
}

}  // namespace
}  // namespace nelumbo
