// SPDX-License-Identifier: Apache-2.0
#include "apps/run_plan.h"

#include "tests/apps/chat_run.h"
#include "tests/apps/small_policy.h"

namespace nelumbo {
namespace {

TEST(RunPlan, LeavesCurateToThePlan) {
  RunConfig config;
  config.pipeline = {"curate", "sft", "rl", "evaluate"};
  EXPECT_EQ(stages_of(config).value(),
            (std::vector{StageKind::kSft, StageKind::kRl, StageKind::kEvaluate}));
  config.pipeline = {"distil"};
  EXPECT_FALSE(stages_of(config).ok());
}

TEST(RunPlan, TakesTheSectionsOfTheConfiguration) {
  RunConfig config;
  config.rl.steps = 17;
  const PipelineSetup setup = setup_of(config, {StageKind::kRl});
  EXPECT_EQ(setup.rl.steps, 17);
  EXPECT_EQ(setup.stages, std::vector{StageKind::kRl});
}

TEST(RunPlan, IsOfTheRecipeWithoutAnOpenModel) {
  const auto plan = load_plan(tiny_config(), "configs/tiny.yaml");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_TRUE(plan.value()->figures().contains("pictures"));
}

TEST(RunPlan, AsksTheMachineForWhatTheRanksTalkOver) {
  RunConfig config;
  EXPECT_TRUE(check_machine(config).ok());
  config.placement.collectives = "nccl";
  config.placement.learners = 64;
  const auto checked = check_machine(config);
  ASSERT_FALSE(checked.ok()) << "a machine with 64 GPUs";
  EXPECT_EQ(checked.error().code, Errc::kEnvironment);
  EXPECT_EQ(checked.error().message.find("placement.collectives: "), 0U);
}

class RunPlanOfChat : public ChatRunTest {};

TEST_F(RunPlanOfChat, IsOfConversationsWithOne) {
  const auto plan = load_plan(config_of(), "c.yaml");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_TRUE(plan.value()->figures().contains("conversations"));
  EXPECT_EQ(plan.value()->earlier_sentence(), "");
  EXPECT_TRUE(plan.value()->earlier_stages().empty());
}

}  // namespace
}  // namespace nelumbo
