// SPDX-License-Identifier: Apache-2.0
#include "apps/stage_keys.h"

#include <functional>

#include "tests/apps/small_policy.h"

namespace nelumbo {
namespace {

using Keys = std::vector<std::string>;

Keys keys_of(const std::function<void(Materials&)>& change) {
  Materials materials = *tiny_materials();
  change(materials);
  return stage_keys(materials).value();
}

Keys plain() {
  return keys_of([](Materials&) {});
}

TEST(StageKeys, AreOnePerStageAndNoneForEvaluate) {
  const Keys keys = plain();
  ASSERT_EQ(keys.size(), 4U);
  EXPECT_NE(keys[0], keys[1]);
  EXPECT_NE(keys[1], keys[2]);
  EXPECT_EQ(keys[3], "");
}

TEST(StageKeys, IgnoreWhatChangesNoResult) {
  EXPECT_EQ(keys_of([](Materials& m) {
              m.config.run.name = "other";
              m.config.placement.rollouts = 3;
              m.config.engine.max_batch = 16;
            }),
            plain());
}

TEST(StageKeys, ChangeFromTheStageOnThatReadsASection) {
  const Keys sft = keys_of([](Materials& m) { m.config.sft.steps += 1; });
  EXPECT_EQ(sft[0], plain()[0]);
  EXPECT_NE(sft[1], plain()[1]);
  EXPECT_NE(sft[2], plain()[2]);
  const Keys rl = keys_of([](Materials& m) { m.config.rl.steps += 1; });
  EXPECT_EQ(rl[1], plain()[1]);
  EXPECT_NE(rl[2], plain()[2]);
}

TEST(StageKeys, ChangeWithTheSeedAndTheData) {
  EXPECT_NE(keys_of([](Materials& m) { m.config.run.seed += 1; })[0], plain()[0]);
  EXPECT_NE(keys_of([](Materials& m) { m.data.train.pop_back(); })[0], plain()[0]);
}

}  // namespace
}  // namespace nelumbo
