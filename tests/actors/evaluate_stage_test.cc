// SPDX-License-Identifier: Apache-2.0
#include "actors/evaluate_stage.h"

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {
namespace {

class EvaluateStageTest : public ::testing::Test {
 protected:
  EvaluateStageTest() {
    fakes_.open();
    run_.emplace(fakes_);
    EXPECT_TRUE(run_->crew->publish(fakes_.setup.weights, PolicyVersion{1}).ok());
  }
  std::vector<int32_t> tokens(const EvaluationPass& mode) {
    const auto answers = answer_modes(*run_->crew, {mode}, 1);
    return answers.value().at(0).groups.back().group->trajectories.back().tokens;
  }

  FakeRun fakes_{{StageKind::kEvaluate}};
  std::optional<DirectRun> run_;
};

TEST_F(EvaluateStageTest, AnswersInTheOrderOfThePrompts) {
  const EvaluationPass mode{"sampled", {fake_prompt("a"), fake_prompt("b")}, 3, {}};
  const auto answers = answer_modes(*run_->crew, {mode}, 1);
  ASSERT_TRUE(answers.ok());
  ASSERT_EQ(answers.value().at(0).groups.size(), 2U);
  EXPECT_EQ(answers.value()[0].groups[1].group->prompt->id, "b");
  EXPECT_EQ(answers.value()[0].groups[1].outcomes.size(), 3U);
}

TEST_F(EvaluateStageTest, DrawsTheSameWhateverElseIsAsked) {
  const EvaluationPass alone{"sampled", {fake_prompt("b")}, 3, {}};
  const EvaluationPass both{"sampled", {fake_prompt("a"), fake_prompt("b")}, 3, {}};
  EXPECT_EQ(tokens(alone), tokens(both));
}

TEST_F(EvaluateStageTest, JudgesNothingWithoutPrompts) {
  fakes_.setup.sources.evaluation = [](Occasion) { return std::vector<EvaluationPass>(); };
  const auto judged = evaluate(*run_->context, Occasion::kAfter);
  ASSERT_TRUE(judged.ok());
  EXPECT_FALSE(judged.value().has_value());
  EXPECT_TRUE(fakes_.judged.empty());
}

TEST_F(EvaluateStageTest, TracesEachModeExceptInValidations) {
  ASSERT_TRUE(evaluate(*run_->context, Occasion::kValidation).ok());
  EXPECT_TRUE(run_->crew->traced.empty());
  ASSERT_TRUE(evaluate(*run_->context, Occasion::kBefore).ok());
  EXPECT_EQ(run_->crew->traced, std::vector<std::string>{"before_greedy/0"});
}

TEST_F(EvaluateStageTest, EndsAtOnceWhereTheRunIsToStopButForAValidation) {
  fakes_.steps_left = 0;
  for (const Occasion occasion : {Occasion::kBefore, Occasion::kAfter}) {
    const auto judged = evaluate(*run_->context, occasion);
    ASSERT_FALSE(judged.ok());
    EXPECT_EQ(judged.error().code, Errc::kPreempted);
    EXPECT_NE(judged.error().message.find("is saved"), std::string::npos);
  }
  EXPECT_TRUE(evaluate(*run_->context, Occasion::kValidation).ok());
}

TEST_F(EvaluateStageTest, IsNoStepOfTheRun) {
  const PipelineReport report = run_->run();
  ASSERT_TRUE(report.end.ok());
  EXPECT_EQ(report.steps, 0);
  EXPECT_EQ(run_->crew->lines.at(0).values.count("eval/locate/iou"), 1U);
}

}  // namespace
}  // namespace nelumbo
