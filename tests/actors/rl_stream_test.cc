// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_stream.h"

#include <set>

#include "actors/group_name.h"
#include "tests/support/rl_fixture.h"

namespace nelumbo {
namespace {

/// Three groups a step, of which up to nine are on their way.
class RlStreamTest : public RlFixture {
 protected:
  RlStreamTest() { prepare(fakes_); }

  static void prepare(FakeRun& fakes) {
    fakes.setup.rl.max_staleness = 2;
    fakes.setup.rl.steps = 6;
    fakes.setup.rl.validate_every = 4;
    fakes.setup.run.checkpoint_every = 3;
  }
};

void expect_balanced(const LedgerCounts& counts) {
  EXPECT_EQ(counts.issued, counts.committed + counts.dropped);
  EXPECT_EQ(counts.in_flight, 0);
}

TEST_F(RlStreamTest, DrawsTwoStepsAheadAndNoMore) {
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{72, 72, 0, 0}));
  ASSERT_EQ(run_->crew->lines.size(), 6U);
  for (size_t step = 0; step < 6; ++step)
    EXPECT_EQ(line(step).at("off_policy/max"), std::min<size_t>(step, 2)) << step;
  EXPECT_EQ(line(0).at("off_policy/lag_0"), 1);
  EXPECT_EQ(line(5).at("off_policy/lag_2"), 1);
  EXPECT_EQ(line(0).at("ledger/in_flight"), 24);  // of two steps
  EXPECT_EQ(line(5).at("ledger/in_flight"), 0);
}

TEST_F(RlStreamTest, AsksForNoPromptTwice) {
  std::set<std::pair<int64_t, int64_t>> asked;
  const auto prompts = fakes_.setup.sources.rl_prompts;
  fakes_.setup.sources.rl_prompts = [&](int64_t step, int64_t round, int64_t count) {
    EXPECT_TRUE(asked.emplace(step, round).second) << step << " " << round;
    EXPECT_EQ(count, 3);
    return prompts(step, round, count);
  };
  ASSERT_TRUE(run().end.ok());
  EXPECT_EQ(asked.size(), 6U);
}

TEST_F(RlStreamTest, GoesOnFromAnyStepWithWhatWasAnswered) {
  for (int64_t stop = 0; stop <= 6; ++stop) {
    FakeRun parts({StageKind::kRl});
    prepare(parts);
    parts.steps_left = stop;
    parts.open();
    const PipelineReport first = DirectRun(parts).run();
    if (stop < 6) {
      ASSERT_FALSE(first.end.ok());
      EXPECT_EQ(first.end.error().code, Errc::kPreempted);
    }
    parts.steps_left = 1000;
    parts.open(true);
    DirectRun second(parts);
    const PipelineReport rest = second.run();
    ASSERT_TRUE(rest.end.ok()) << rest.end.error().message;
    EXPECT_EQ(rest.ledger.committed, 72) << stop;
    expect_balanced(rest.ledger);
    for (const MetricsLine& line : second.crew->lines)
      EXPECT_LE(line.values.at("off_policy/max"), 2);
  }
}

TEST_F(RlStreamTest, ReplacesGroupsThatDoNotDiffer) {
  fakes_.setup.reward.stop_rate = 1;
  fakes_.reward->kind_of = [](const Trajectory& answer) {
    const GroupName name = group_name(answer.group);
    const bool dropped = name.step == 2 && name.round == 0;
    return dropped ? Outcome::Kind::kInvalid : Outcome::Kind::kScore;
  };
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger, (LedgerCounts{84, 72, 12, 0}));
  EXPECT_EQ(line(0).at("reward/zero_spread_groups"), 3);
}

TEST_F(RlStreamTest, StopsWhenGroupsNoLongerDiffer) {
  fakes_.setup.rl.steps = 20;
  fakes_.reward->flat = true;
  const PipelineReport report = run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kDiverged);
  EXPECT_EQ(report.steps, 10);
}

TEST_F(RlStreamTest, TrainsWhatThereIsWhenThereAreNoMorePrompts) {
  const auto prompts = fakes_.setup.sources.rl_prompts;
  fakes_.setup.sources.rl_prompts = [&](int64_t step, int64_t round, int64_t count) {
    return step < 2 ? prompts(step, round, count - step)
                    : std::vector<std::shared_ptr<const Prompt>>();
  };
  fakes_.setup.rl.steps = 3;
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.ledger.committed, 5 * 4);
  expect_balanced(report.ledger);
  EXPECT_EQ(line(2).at("optim/skipped"), 1);
}

TEST_F(RlStreamTest, RefusesAnswersInACheckpointThatAreNone) {
  const PipelineReport report = go_on_with_broken_answers();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo
