// SPDX-License-Identifier: Apache-2.0
#include "actors/filter_stage.h"

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

/// Three steps of two prompts each, three answers to each.
class FilterStageTest : public ::testing::Test {
 protected:
  void set_up(FakeRun& fakes) {
    fakes.setup.filter_steps = 3;
    fakes.setup.filter_samples = 3;
    fakes.setup.sources.filter_prompts = [](int64_t step) {
      return std::vector<std::shared_ptr<const Prompt>>{fake_prompt("a" + std::to_string(step)),
                                                        fake_prompt("b" + std::to_string(step))};
    };
    fakes.setup.sources.keep_pass_rates =
        [this](const std::vector<ScoredGroup>& groups) -> Result<Metrics> {
      if (refuses_)
        return Error{Errc::kCheckFailed, "nothing is kept"};
      for (const ScoredGroup& group : groups)
        seen_[group.group->prompt->id] = group.group->trajectories;
      return Metrics{{"filter/prompts", static_cast<double>(seen_.size())}};
    };
  }

  FilterStageTest() { set_up(fakes_); }

  std::map<std::string, std::vector<Trajectory>> seen_;
  bool refuses_ = false;
  FakeRun fakes_{{StageKind::kFilter}};
};

TEST_F(FilterStageTest, AsksEveryPromptAndTrainsNothing) {
  fakes_.open();
  DirectRun run(fakes_);
  const PipelineReport report = run.run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(seen_.size(), 6U);
  EXPECT_EQ(seen_["b2"].size(), 3U);
  EXPECT_EQ(report.weights_hash, weights_hash(*fakes_.setup.weights));
  EXPECT_EQ(report.ledger.issued, 0);
  EXPECT_EQ(run.crew->lines.at(2).values.at("filter/prompts"), 6);
}

TEST_F(FilterStageTest, GoesOnWhereItWasStopped) {
  fakes_.steps_left = 1;
  fakes_.open();
  EXPECT_EQ(DirectRun(fakes_).run().end.error().code, Errc::kPreempted);
  EXPECT_EQ(seen_.size(), 2U);
  const auto first = seen_["a0"].front().tokens;
  seen_.clear();
  fakes_.steps_left = 1000;
  fakes_.open(true);
  ASSERT_TRUE(DirectRun(fakes_).run().end.ok());
  EXPECT_EQ(seen_.size(), 4U);
  EXPECT_FALSE(seen_.contains("a0"));
}

TEST_F(FilterStageTest, EndsWithWhatTheBookSays) {
  refuses_ = true;
  fakes_.open();
  const PipelineReport report = DirectRun(fakes_).run();
  ASSERT_FALSE(report.end.ok());
  EXPECT_EQ(report.end.error().message, "filter: nothing is kept");
}

}  // namespace
}  // namespace nelumbo
