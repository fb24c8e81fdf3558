// SPDX-License-Identifier: Apache-2.0
#include "actors/midtrain_stage.h"

#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

/// Writes down what it is asked for.
class RecordingEngine : public FakeEngine {
 public:
  explicit RecordingEngine(std::vector<GroupRequest>* asked) : asked_(asked) {}
  Result<void> submit(GroupRequest request) override {
    asked_->push_back(request);
    return FakeEngine::submit(std::move(request));
  }

 private:
  std::vector<GroupRequest>* asked_;
};

/// Eight steps of phase 1 and four of phase 2; draws behind steps 6 and 8. What is kept lives as
/// long as the test, as files would; batches of phase 2 are made of it.
class MidtrainStageTest : public ::testing::Test {
 protected:
  MidtrainStageTest() { setup(fakes_); }

  void setup(FakeRun& fakes) {
    MidtrainConfig& config = fakes.setup.midtrain;
    config.steps = 8;
    config.validate_every = 100;
    config.draw = {.steps = 4, .checkpoints = 2, .samples = 3, .cool = 0.5, .hot = 1.5};
    fakes.setup.run.checkpoint_every = 100;
    fakes.setup.crew.make_engine = [this] { return std::make_unique<RecordingEngine>(&asked_); };
    PipelineSources& sources = fakes.setup.sources;
    sources.trace_prompts = [] {
      return std::vector<std::shared_ptr<const Prompt>>{fake_prompt("one"), fake_prompt("two")};
    };
    sources.keep_traces = [this](int64_t draw,
                                 const std::vector<ScoredGroup>& groups) -> Result<Metrics> {
      keep(draw, groups);
      return Metrics{{"midtrain/accepted", accepted_}};
    };
    sources.traces_kept = [this](int64_t draw) { return kept_.contains(draw); };
    sources.token_batch = [this](StageKind, int64_t step) { return batch(step); };
  }

  void keep(int64_t draw, const std::vector<ScoredGroup>& groups) {
    if (draw == fails_at_)
      throw std::runtime_error("killed");
    const std::lock_guard lock(mutex_);
    for (const ScoredGroup& group : groups)
      for (const Trajectory& trajectory : group.group->trajectories)
        kept_[draw].insert(kept_[draw].end(), trajectory.tokens.begin(), trajectory.tokens.end());
    order_.push_back("keep " + std::to_string(draw));
  }

  std::vector<TrainingGroup> batch(int64_t step) {
    const std::lock_guard lock(mutex_);
    order_.push_back("batch " + std::to_string(step));
    int32_t token = static_cast<int32_t>(step) + 1;
    if (step >= 8)
      for (const auto& [draw, tokens] : kept_)
        for (int32_t kept : tokens)
          token = (31 * token + kept) % 1009;
    return {{{token}, {}, {}}};
  }

  PipelineReport run(bool resume = false) {
    fakes_.open(resume);
    run_.emplace(fakes_);
    return run_->run();
  }

  std::vector<GroupRequest> asked_;
  std::map<int64_t, std::vector<int32_t>> kept_;
  std::vector<std::string> order_;
  std::mutex mutex_;
  double accepted_ = 5;
  int64_t fails_at_ = -1;
  FakeRun fakes_{{StageKind::kMidtrain}};
  std::optional<DirectRun> run_;
};

TEST(MidtrainConfig, LaysItsDrawsIntoTheSecondHalfOfPhase1) {
  MidtrainConfig config;
  config.steps = 100;
  config.draw.checkpoints = 4;
  EXPECT_EQ(draw_step(config, 0), 63);  // 100 - 3 * 100 / 8
  EXPECT_EQ(draw_step(config, 1), 75);
  EXPECT_EQ(draw_step(config, 2), 88);
  EXPECT_EQ(draw_step(config, 3), 100);
}

TEST(MidtrainConfig, WantsRoomForItsDraws) {
  MidtrainConfig config;
  config.draw.checkpoints = 3;
  config.steps = 5;
  EXPECT_TRUE(config.validate().ok()) << "nothing is drawn";
  config.draw.steps = 1;
  ASSERT_FALSE(config.validate().ok());
  EXPECT_NE(config.validate().error().message.find("draw.checkpoints: must be 1 or at most"),
            std::string::npos);
  config.steps = 6;
  EXPECT_TRUE(config.validate().ok());
  config.draw.hot = config.draw.cool;
  EXPECT_TRUE(config.draw.validate().error().message.starts_with("hot: "));
}

TEST_F(MidtrainStageTest, DrawsBetweenStepsAndAsksForNoBatchAcrossADraw) {
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(report.steps, 12);
  EXPECT_EQ(report.stages.front().planned, 12);
  EXPECT_EQ(order_, (std::vector<std::string>{"batch 0", "batch 1", "batch 2", "batch 3", "batch 4",
                                              "batch 5", "keep 0", "batch 6", "batch 7", "keep 1",
                                              "batch 8", "batch 9", "batch 10", "batch 11"}));
  EXPECT_EQ(run_->crew->published,
            (std::vector<PolicyVersion>{PolicyVersion{6}, PolicyVersion{8}}));
  EXPECT_EQ(run_->crew->traced, (std::vector<std::string>{"midtrain/6", "midtrain/8"}));
  EXPECT_EQ(run_->crew->lines.at(5).values.at("midtrain/accepted"), 5);
  EXPECT_FALSE(run_->crew->lines.at(6).values.contains("midtrain/accepted"));
  EXPECT_TRUE(fakes_.warnings.empty());
}

TEST_F(MidtrainStageTest, AnswersEachPromptAtBothTemperaturesWithOtherSeedsEachTime) {
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok());
  ASSERT_EQ(asked_.size(), 8U);  // draws, temperatures, prompts
  std::set<GroupId> ids;
  std::set<uint64_t> seeds;
  for (const GroupRequest& request : asked_) {
    ids.insert(request.id);
    seeds.insert(request.seed);
    EXPECT_EQ(request.samples, 3);
  }
  EXPECT_EQ(ids.size(), 8U);
  EXPECT_EQ(seeds.size(), 4U);
  EXPECT_EQ(asked_[0].sampling.temperature, 0.5);
  EXPECT_EQ(asked_[1].sampling.temperature, 0.5);
  EXPECT_EQ(asked_[2].sampling.temperature, 1.5);
  EXPECT_EQ(asked_[2].prompt->id, "one");
  EXPECT_EQ(report.ledger, (LedgerCounts{24, 0, 24, 0}));
}

TEST_F(MidtrainStageTest, IsAPlainTokenStageWithoutPhase2) {
  fakes_.setup.midtrain.draw.steps = 0;
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.steps, 8);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(MidtrainStageTest, GoesOnWithAWarningWhenNothingPassed) {
  accepted_ = 0;
  const PipelineReport report = run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.steps, 12);
  ASSERT_EQ(fakes_.warnings.size(), 2U);
  EXPECT_EQ(fakes_.warnings[0].find("midtrain: draw 0: no answer passed both gates"), 0U);
}

TEST_F(MidtrainStageTest, AsksForItsRecallAtTheEndOfPhase2) {
  fakes_.setup.midtrain.min_recall = 0.9;
  fakes_.setup.midtrain.validate_every = 4;
  fakes_.token_values = {0.1, 0.1, 0.1, 0.95};  // at steps 4, 8, 12, 16
  EXPECT_EQ(run().steps, 16);
  EXPECT_EQ(asked_.size(), 8U);
}

/// However a run is stopped, it draws the same once and ends with the same bits.
TEST_F(MidtrainStageTest, ResumesToTheSameTracesAndWeightsFromAnyStep) {
  const std::string whole = run().weights_hash;
  const auto kept = kept_;
  for (int64_t stop : {0, 5, 6, 7, 8, 10}) {
    FakeRun fakes({StageKind::kMidtrain});
    setup(fakes);
    kept_.clear();
    asked_.clear();
    fakes.steps_left = stop;
    fakes.open();
    EXPECT_EQ(DirectRun(fakes).run().end.error().code, Errc::kPreempted) << stop;
    fakes.steps_left = 1000;
    fakes.open(true);
    const PipelineReport report = DirectRun(fakes).run();
    ASSERT_TRUE(report.end.ok()) << report.end.error().message;
    EXPECT_EQ(report.weights_hash, whole) << "stopped behind step " << stop;
    EXPECT_EQ(kept_, kept);
    EXPECT_EQ(asked_.size(), 8U);
  }
}

TEST_F(MidtrainStageTest, RepeatsADrawThatAKillTookAway) {
  const std::string whole = run().weights_hash;
  const auto kept = std::exchange(kept_, {});
  FakeRun fakes({StageKind::kMidtrain});
  setup(fakes);
  fails_at_ = 1;
  fakes.open();
  EXPECT_THROW((void)DirectRun(fakes).run(), std::runtime_error);
  fails_at_ = -1;
  fakes.open(true);
  DirectRun again(fakes);
  const PipelineReport report = again.run();
  ASSERT_TRUE(report.end.ok()) << report.end.error().message;
  EXPECT_EQ(again.crew->lines.front().step, 7) << "a checkpoint lies behind the first draw";
  EXPECT_EQ(report.weights_hash, whole);
  EXPECT_EQ(kept_, kept);
  EXPECT_EQ(report.ledger.in_flight, 0);
}

TEST_F(MidtrainStageTest, MakesUpForADrawThatIsMissing) {
  fakes_.steps_left = 10;
  EXPECT_EQ(run().end.error().code, Errc::kPreempted);
  kept_.erase(1);
  fakes_.steps_left = 1000;
  order_.clear();
  ASSERT_TRUE(run(true).end.ok());
  EXPECT_EQ(order_, (std::vector<std::string>{"keep 1", "batch 10", "batch 11"}));
}

}  // namespace
}  // namespace nelumbo
