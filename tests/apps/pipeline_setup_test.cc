// SPDX-License-Identifier: Apache-2.0
#include "apps/pipeline_setup.h"

#include <set>

#include "tests/apps/small_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

PipelineSetup tiny_setup(const std::string& folder) {
  const auto materials = tiny_materials();
  return setup_of_recipe(materials, {StageKind::kSft, StageKind::kRl},
                         std::make_shared<EvaluationBook>(materials->config, folder), folder);
}

TEST(PipelineSetup, AsksTheSamePromptsInAStepHoweverOftenItIsAsked) {
  const TemporaryFolder folder;
  const PipelineSetup setup = tiny_setup(folder.path());
  const auto first = setup.sources.rl_prompts(3, 0, 4);
  const auto again = setup.sources.rl_prompts(3, 0, 4);
  ASSERT_EQ(first.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(first[i]->id, again[i]->id);
    EXPECT_EQ(first[i]->tokens, again[i]->tokens);
  }
}

TEST(PipelineSetup, AsksOtherPromptsInARefill) {
  const TemporaryFolder folder;
  const PipelineSetup setup = tiny_setup(folder.path());
  std::set<std::string> ids;
  for (int64_t round = 0; round < 3; ++round)
    for (const auto& prompt : setup.sources.rl_prompts(3, round, 4))
      ids.insert(prompt->id);
  EXPECT_EQ(ids.size(), 12U);
}

TEST(PipelineSetup, StartsFromWeightsThatFollowFromTheSeed) {
  const TemporaryFolder folder;
  EXPECT_EQ(weights_hash(*tiny_setup(folder.path()).weights),
            weights_hash(*tiny_setup(folder.path()).weights));
}

TEST(PipelineSetup, MakesAnEngineForEachActor) {
  const TemporaryFolder folder;
  const CrewSetup crew = crew_of(tiny_materials());
  const auto one = crew.make_engine(), other = crew.make_engine();
  EXPECT_NE(one.get(), other.get());
  EXPECT_TRUE(one->idle());
}

}  // namespace
}  // namespace nelumbo
