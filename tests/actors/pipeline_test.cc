// SPDX-License-Identifier: Apache-2.0
#include "actors/pipeline.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Pipeline, ReadsTheNameOfEachStage) {
  for (StageKind kind : {StageKind::kPretrain, StageKind::kMidtrain, StageKind::kSft,
                         StageKind::kRl, StageKind::kEvaluate, StageKind::kFilter})
    EXPECT_EQ(stage_kind(stage_name(kind)).value(), kind);
}

TEST(Pipeline, NamesTheStagesThatThereAre) {
  const auto kind = stage_kind("pretrian");
  ASSERT_FALSE(kind.ok());
  EXPECT_NE(
      kind.error().message.find("unknown stage 'pretrian'; stages are pretrain, midtrain, sft"),
      std::string::npos);
}

TEST(Pipeline, PlansTheStepsOfEachStage) {
  PipelineSetup setup;
  setup.rl.steps = 17;
  setup.filter_steps = 5;
  setup.midtrain.steps = 8;
  setup.midtrain.draw.steps = 4;
  EXPECT_EQ(planned_steps(setup, StageKind::kRl), 17);
  EXPECT_EQ(planned_steps(setup, StageKind::kFilter), 5);
  EXPECT_EQ(planned_steps(setup, StageKind::kMidtrain), 12);
  EXPECT_EQ(planned_steps(setup, StageKind::kEvaluate), 1);
}

}  // namespace
}  // namespace nelumbo
