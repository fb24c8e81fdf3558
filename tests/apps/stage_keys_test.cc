// SPDX-License-Identifier: Apache-2.0
#include "apps/stage_keys.h"

#include <functional>

#include "tests/apps/small_policy.h"

namespace nelumbo {
namespace {

using Keys = std::vector<std::string>;

Keys keys_of(const std::function<void(RunConfig&, StageInputs&)>& change) {
  RunConfig config = tiny_config();
  StageInputs inputs{"data", "reward"};
  change(config, inputs);
  return stage_keys(config, inputs).value();
}

Keys plain() {
  return keys_of([](RunConfig&, StageInputs&) {});
}

TEST(StageKeys, AreOnePerStageAndNoneForEvaluate) {
  const Keys keys = plain();
  ASSERT_EQ(keys.size(), 4U);
  EXPECT_NE(keys[0], keys[1]);
  EXPECT_NE(keys[1], keys[2]);
  EXPECT_EQ(keys[3], "");
}

TEST(StageKeys, IgnoreWhatChangesNoResult) {
  EXPECT_EQ(keys_of([](RunConfig& config, StageInputs&) {
              config.run.name = "other";
              config.placement.rollouts = 3;
              config.engine.max_batch = 16;
            }),
            plain());
}

TEST(StageKeys, ChangeFromTheStageOnThatReadsASection) {
  const Keys sft = keys_of([](RunConfig& config, StageInputs&) { config.sft.steps += 1; });
  EXPECT_EQ(sft[0], plain()[0]);
  EXPECT_NE(sft[1], plain()[1]);
  EXPECT_NE(sft[2], plain()[2]);
  const Keys rl = keys_of([](RunConfig& config, StageInputs&) { config.rl.steps += 1; });
  EXPECT_EQ(rl[1], plain()[1]);
  EXPECT_NE(rl[2], plain()[2]);
}

TEST(StageKeys, OfStagesOnPreferencesChangeWithTheirSections) {
  const auto with = [](const std::function<void(RunConfig&)>& change) {
    return keys_of([&](RunConfig& config, StageInputs&) {
      config.pipeline = {"sft", "reward_model", "prm", "dpo"};
      change(config);
    });
  };
  const Keys all = with([](RunConfig&) {});
  const std::vector<std::function<void(RunConfig&)>> changes = {
      [](RunConfig& config) { config.reward_model.steps += 1; },
      [](RunConfig& config) { config.prm.pairs += 1; },
      [](RunConfig& config) { config.dpo.beta += 1; }};
  for (size_t i = 0; i < changes.size(); ++i) {
    const Keys other = with(changes[i]);
    EXPECT_EQ(other[i], all[i]);
    EXPECT_NE(other[i + 1], all[i + 1]) << i;
  }
  const Keys rows = with([](RunConfig& config) { config.preferences.hold_out += 1; });
  EXPECT_EQ(rows[0], all[0]);
  EXPECT_NE(rows[1], all[1]);
}

TEST(StageKeys, ChangeWithTheSeedAndTheData) {
  EXPECT_NE(keys_of([](RunConfig& config, StageInputs&) { config.run.seed += 1; })[0], plain()[0]);
  EXPECT_NE(keys_of([](RunConfig&, StageInputs& inputs) { inputs.data = "other"; })[0], plain()[0]);
}

TEST(StageKeys, ChangeWithTheRewardFromRlOn) {
  const Keys other = keys_of([](RunConfig&, StageInputs& inputs) { inputs.reward = "other"; });
  EXPECT_EQ(other[1], plain()[1]);
  EXPECT_NE(other[2], plain()[2]);
}

TEST(StageKeys, ChangeWithWhatRlReadsOfEvaluateAlone) {
  const auto rl_key = [](const std::function<void(RunConfig&)>& change) {
    return keys_of([&](RunConfig& config, StageInputs&) { change(config); })[2];
  };
  EXPECT_EQ(rl_key([](RunConfig& config) { config.evaluate.bootstrap += 1; }), plain()[2]);
  EXPECT_NE(rl_key([](RunConfig& config) { config.evaluate.samples += 1; }), plain()[2]);
  EXPECT_NE(rl_key([](RunConfig& config) { config.evaluate.controls = !config.evaluate.controls; }),
            plain()[2]);
  const auto open_model = [&](bool controls) {
    return rl_key([&](RunConfig& config) {
      config.model.from = "m";
      config.evaluate.controls = controls;
    });
  };
  EXPECT_EQ(open_model(true), open_model(false)) << "open models are asked no controls";
  const auto alone = [&](int64_t more) {
    return rl_key([&](RunConfig& config) {
      std::erase(config.pipeline, "evaluate");
      config.evaluate.samples += more;
    });
  };
  EXPECT_EQ(alone(0), alone(1)) << "without evaluate, rl does not answer before it begins";
}

}  // namespace
}  // namespace nelumbo
