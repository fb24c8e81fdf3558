// SPDX-License-Identifier: Apache-2.0
#include "actors/learner_node.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/remote_pairs.h"

namespace nelumbo {
namespace {

class LearnerNodeTest : public LearnerPair {};

TEST_F(LearnerNodeTest, DoesNothingBeforeItHasItsSeat) {
  start_node();
  const BulkRef bytes = here_->offer(share(Bytes()));
  const auto answer = ask<BulkRef>(node_, LearnAtom::value, LearnKind::kWeights, bytes);
  ASSERT_FALSE(answer.ok());
  EXPECT_NE(answer.error().message.find("before it had its seat"), std::string::npos);
}

TEST_F(LearnerNodeTest, RefusesBytesThatAreNoJob) {
  start_node();
  ASSERT_TRUE(ask<bool>(node_, SeatAtom::value, LearnerSeat{0, 1, "replicated", "", "gloo"}).ok());
  const BulkRef bytes = here_->offer(share(Bytes{'n', 'o'}));
  for (const LearnKind kind : {LearnKind::kTrainTokens, LearnKind::kTrainPolicy,
                               LearnKind::kValidate, LearnKind::kRestart, LearnKind::kRestore}) {
    const auto answer = ask<BulkRef>(node_, LearnAtom::value, kind, bytes);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, Errc::kBadData);
  }
}

TEST_F(LearnerNodeTest, EndsWithTheErrorOfItsLearner) {
  start_remote();
  start_node([](LearnerRanks) -> std::unique_ptr<Learner> { throw std::runtime_error("no room"); });
  EXPECT_FALSE(ask<Shared<WeightSet>>(remote_, WeightsAtom::value).ok());
  EXPECT_NE(end_of(node_).find("no room"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
