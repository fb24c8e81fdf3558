// SPDX-License-Identifier: Apache-2.0
#include "apps/recipe_plan.h"

#include "tests/apps/small_policy.h"

namespace nelumbo {
namespace {

TEST(RecipePlan, TellsWhatItIs) {
  const auto plan = load_recipe_plan(tiny_config(), "configs/tiny.yaml", Reuse::kNever);
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_NE(plan.value()->summary().find("3 + 2 pictures"), std::string::npos);
  EXPECT_EQ(plan.value()->figures()["pictures"]["val"], 2);
  EXPECT_EQ(plan.value()->earlier_sentence(), "");
  EXPECT_TRUE(plan.value()->earlier_stages().empty());
  EXPECT_FALSE(plan.value()->network().parameters.empty());
}

TEST(RecipePlan, DependsOnThePictures) {
  RunConfig config = tiny_config();
  const auto all = load_recipe_plan(config, "configs/tiny.yaml", Reuse::kNever);
  config.data.train_limit = 2;
  const auto fewer = load_recipe_plan(config, "configs/tiny.yaml", Reuse::kNever);
  ASSERT_TRUE(all.ok() && fewer.ok());
  EXPECT_NE(all.value()->inputs().data, fewer.value()->inputs().data);
  EXPECT_EQ(all.value()->inputs().reward, fewer.value()->inputs().reward);
}

}  // namespace
}  // namespace nelumbo
