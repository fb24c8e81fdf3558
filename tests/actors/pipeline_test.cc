// SPDX-License-Identifier: Apache-2.0
#include "actors/pipeline.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Pipeline, ReadsTheNameOfEachStage) {
  for (StageKind kind : {StageKind::kPretrain, StageKind::kMidtrain, StageKind::kSft,
                         StageKind::kRl, StageKind::kEvaluate})
    EXPECT_EQ(stage_kind(stage_name(kind)).value(), kind);
}

TEST(Pipeline, NamesTheStagesThatThereAre) {
  const auto kind = stage_kind("pretrian");
  ASSERT_FALSE(kind.ok());
  EXPECT_NE(
      kind.error().message.find("unknown stage 'pretrian'; stages are pretrain, midtrain, sft"),
      std::string::npos);
}

}  // namespace
}  // namespace nelumbo
