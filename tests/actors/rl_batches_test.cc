// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_batches.h"

#include <gtest/gtest.h>

#include "actors/rl_stream.h"
#include "actors/rl_turns.h"
#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

class RlBatchesTest : public ::testing::Test {
 protected:
  RlBatchesTest() {
    fakes_.open();
    run_.emplace(fakes_);
  }

  FakeRun fakes_{{StageKind::kRl}};
  std::optional<DirectRun> run_;
};

TEST_F(RlBatchesTest, AreThoseOfTheStaleness) {
  for (const int64_t staleness : {0, 1, 2, 8}) {
    fakes_.setup.rl.max_staleness = staleness;
    const auto made = make_rl_batches(*run_->context);
    EXPECT_EQ(dynamic_cast<RlTurns*>(made.get()) != nullptr, staleness < 2);
    EXPECT_EQ(dynamic_cast<RlStream*>(made.get()) != nullptr, staleness >= 2);
  }
}

TEST_F(RlBatchesTest, NoteTheFateOfScoredSamplesAndDropTheOthers) {
  const auto made = make_rl_batches(*run_->context);
  ScoredGroup group = fake_scored(5, {0.1, 0.9, 0.5});
  group.outcomes[1].kind = Outcome::Kind::kTimeout;
  std::vector<LedgerRecord> issued;
  for (size_t i = 0; i < 3; ++i)
    issued.push_back({run_->context->sample(group, i), Fate::kIssued, 0, 0, ""});
  run_->crew->note(issued);
  made->note(group, Fate::kBatched, 1);
  EXPECT_EQ(run_->crew->commit().value(), (LedgerCounts{3, 0, 1, 2}));
  made->note(group, Fate::kCommitted, 1);
  EXPECT_EQ(run_->crew->commit().value(), (LedgerCounts{3, 2, 1, 0}));
}

}  // namespace
}  // namespace nelumbo
