// SPDX-License-Identifier: Apache-2.0
#include "configs/placement_check.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string error_of(const std::string& yaml) {
  auto config = parse_run_config(yaml, "f.yaml");
  return config ? "no error" : config.error().message;
}

TEST(PlacementCheck, RefusesMoreRolloutActorsThanAStepHasGroups) {
  EXPECT_EQ(error_of("{placement: {rollouts: 5}, rl: {prompts: 4}}"),
            "f.yaml:1:24: placement.rollouts: must be at most rl.prompts, which is 4: a step of rl "
            "has no group for more; lower it, or raise rl.prompts");
  EXPECT_EQ(error_of("{placement: {rollouts: 4}, rl: {prompts: 4}}"), "no error");
  EXPECT_EQ(error_of("{placement: {rollouts: 5}, rl: {prompts: 4}, pipeline: [pretrain, sft]}"),
            "no error");
}

TEST(PlacementCheck, CountsThoseThatMayJoinAndThoseThatScore) {
  EXPECT_EQ(error_of("{placement: {processes: separate, most_rollouts: 9}, rl: {prompts: 8}}"),
            "f.yaml:1:50: placement.most_rollouts: must be at most rl.prompts, which is 8: a step "
            "of rl has no group for more; lower it, or raise rl.prompts");
  EXPECT_EQ(error_of("{placement: {rewards: 9}, rl: {prompts: 8}}")
                .find("f.yaml:1:23: "
                      "placement.rewards: must "
                      "be at most rl.prompts"),
            0U);
}

TEST(PlacementCheck, AsksTheStageWithTheFewestGroups) {
  const std::string draw = "placement: {rollouts: 5}, pipeline: [curate, midtrain, rl], ";
  EXPECT_NE(error_of("{" + draw + "midtrain: {draw: {steps: 4, prompts: 3}}}")
                .find("must be at most midtrain.draw.prompts, which is 3: a step of midtrain "),
            std::string::npos);
  EXPECT_EQ(error_of("{" + draw + "midtrain: {draw: {steps: 0, prompts: 3}}}"), "no error");
  const std::string chat =
      "{placement: {rollouts: 5}, model: {from: m}, chat: {train: t}, pipeline: [filter, rl], ";
  EXPECT_NE(error_of(chat + "filter: {prompts: 4}}").find("at most filter.prompts, which is 4"),
            std::string::npos);
  EXPECT_NE(
      error_of(chat + "filter: {max_prompts: 2}}").find("at most filter.max_prompts, which is 2"),
      std::string::npos);
}

TEST(PlacementCheck, RefusesMoreRanksThanAStepHasTrajectories) {
  EXPECT_EQ(error_of("{placement: {learners: 7}, rl: {prompts: 3, group_size: 2}}"),
            "f.yaml:1:24: placement.learners: must be at most rl.prompts * rl.group_size, which is "
            "6: a step of rl has no trajectory for more; lower it, or raise rl.prompts * "
            "rl.group_size");
  EXPECT_EQ(error_of("{placement: {learners: 6}, rl: {prompts: 3, group_size: 2}}"), "no error");
}

TEST(PlacementCheck, CountsWhatEachStageTrainsOn) {
  const auto most = [](const std::string& rest) {
    return error_of("{placement: {learners: 64}, " + rest + "}");
  };
  EXPECT_NE(most("pipeline: [sft], sft: {images: 3, items: 2}")
                .find("at most sft.images * items + texts + questions, which is 6"),
            std::string::npos);
  EXPECT_EQ(most("pipeline: [sft], sft: {images: 8, items: 8}"), "no error");
  EXPECT_NE(most("pipeline: [curate, dpo], dpo: {pairs: 5}").find("dpo.pairs, which is 5"),
            std::string::npos);
  EXPECT_NE(most("pipeline: [sft], model: {from: m}, chat: {train: t}, sft: {questions: 12}")
                .find("sft.questions, which is 12"),
            std::string::npos);
}

TEST(PlacementCheck, RefusesWhatRanksCannotHoldInParts) {
  const std::string full = "{placement: {learners: 2, sharding: full}, ";
  EXPECT_EQ(
      error_of(full + "sft: {adapter: {rank: 2}}}"),
      "f.yaml:1:37: placement.sharding: 'full' holds no adapters, which sft.adapter.rank asks "
      "for; take 'optimizer'");
  EXPECT_EQ(error_of("{placement: {learners: 2, sharding: optimizer}, sft: {adapter: {rank: 2}}}"),
            "no error");
  EXPECT_EQ(error_of("{placement: {sharding: full}, sft: {adapter: {rank: 2}}}"), "no error");
  EXPECT_EQ(error_of(full + "sft: {}}"), "no error");
  const std::string chat = "model: {from: m}, preferences: {train: p}, ";
  EXPECT_EQ(error_of(full + chat + "pipeline: [reward_model]}"),
            "f.yaml:1:37: placement.sharding: 'full' holds no score model, which the stage "
            "reward_model trains; take 'optimizer'");
}

}  // namespace
}  // namespace nelumbo
