// SPDX-License-Identifier: Apache-2.0
#include "configs/overrides.h"

#include <gtest/gtest.h>

#include "configs/field_visitors.h"

namespace nelumbo {
namespace {

constexpr const char* kDefaults =
    "rl:\n  steps: 3\n  optimizer:\n    lr: 1\npipeline:\n  - sft\n  - rl\n";

/// The file after an override, as text, or the error.
std::string overridden(const std::string& file, const std::string& text) {
  auto root = parse_yaml(file, "f");
  auto defaults = parse_yaml(kDefaults, "d");
  if (auto done = apply_override(root.value(), defaults.value(), text); !done)
    return done.error().message;
  return yaml_text(root.value());
}

TEST(ApplyOverride, ReplacesWhatIsThere) {
  EXPECT_EQ(overridden("rl:\n  steps: 5\n", "rl.steps=7"), "rl:\n  steps: 7\n");
}

TEST(ApplyOverride, AddsWhatIsMissing) {
  EXPECT_EQ(overridden("", "rl.optimizer.lr=1e-4"), "rl:\n  optimizer:\n    lr: 1e-4\n");
  EXPECT_EQ(overridden("rl:\n", "rl.steps=7"), "rl:\n  steps: 7\n");
}

TEST(ApplyOverride, KeepsThePlaceOfTheCommandLine) {
  auto root = parse_yaml("rl: {steps: 5}", "f");
  auto defaults = parse_yaml(kDefaults, "d");
  ASSERT_TRUE(apply_override(root.value(), defaults.value(), "rl.steps=7").ok());
  EXPECT_EQ(node_at(root.value(), "rl.steps")->place, "--set rl.steps=7");
  EXPECT_EQ(node_at(root.value(), "rl")->place, "f:1:5");
}

TEST(ApplyOverride, NamesAnItemOfAListByItsIndex) {
  EXPECT_EQ(overridden("", "pipeline.1=evaluate"), "pipeline:\n  - sft\n  - evaluate\n");
  EXPECT_EQ(overridden("pipeline: [rl]", "pipeline.0=sft"), "pipeline:\n  - sft\n");
  EXPECT_EQ(overridden("", "pipeline=[rl]"), "pipeline:\n  - rl\n");
  EXPECT_EQ(overridden("", "pipeline.2=rl"),
            "--set pipeline.2=rl: pipeline: has 2 items, numbered from 0; there is no item 2");
  EXPECT_EQ(overridden("", "pipeline.x=rl"),
            "--set pipeline.x=rl: pipeline: is a list; name an item by its index, not 'x'");
  EXPECT_EQ(overridden("", "pipeline.-1=rl"),
            "--set pipeline.-1=rl: pipeline: is a list; name an item by its index, not '-1'");
}

TEST(ApplyOverride, RefusesWhatIsNoLeaf) {
  EXPECT_EQ(overridden("", "rl=5"), "--set rl=5: rl: is a section; set its keys one by one");
  EXPECT_EQ(overridden("", "rl.optimizer={lr: 2}"),
            "--set rl.optimizer={lr: 2}: rl.optimizer: is a section; set its keys one by one");
  EXPECT_EQ(overridden("", "rl.steps.x=5"),
            "--set rl.steps.x=5: rl.steps: has no keys below it, so there is no 'x'");
  EXPECT_EQ(overridden("rl: {steps: 5}", "rl.steps.x=5"),
            "--set rl.steps.x=5: rl.steps: has no keys below it, so there is no 'x'");
}

TEST(ApplyOverride, RefusesWhatHasNotItsForm) {
  for (const char* text : {"rl.steps", "=5", "rl..steps=5", ".rl=5", "rl.=5", ""})
    EXPECT_EQ(overridden("", text),
              "--set " + std::string(text) + ": must have the form key.path=value");
}

TEST(ApplyOverride, ReadsItsValueAsYaml) {
  EXPECT_EQ(overridden("", "rl.steps=[1").find("--set rl.steps=[1:"), 0u)
      << overridden("", "rl.steps=[1");
  EXPECT_NE(overridden("", "rl.steps=*x").find("rl.steps=*x:1:"), std::string::npos);
}

TEST(ApplyOverride, LeavesAnEmptyValueEmpty) {
  EXPECT_EQ(overridden("", "rl.steps="), "rl:\n  steps:\n");
}

}  // namespace
}  // namespace nelumbo
