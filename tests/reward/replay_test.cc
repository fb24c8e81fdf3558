// SPDX-License-Identifier: Apache-2.0
#include "reward/replay.h"

#include <gtest/gtest.h>

#include "base/check.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

std::shared_ptr<const RewardSpec> spec_of(const std::string& yaml) {
  auto spec = RewardSpec::parse(yaml, "s.yaml");
  NELUMBO_CHECK(spec.ok()) << spec.error().message;
  return spec.value();
}

std::shared_ptr<const RewardSpec> exact() {
  return spec_of(R"(specs:
  count:
    gate: [{name: two_answers, when: {answers: 2}}]
    layers: {rule: {terms: [{kind: exact, truth: answer}]}}
)");
}

std::shared_ptr<const RewardSpec> lenient() {
  return spec_of("specs: {count: {layers: {rule: {terms: [{kind: length, max: 8}]}}}}");
}

ScoredGroup stored(const RewardSpec& spec) {
  auto group = std::make_shared<Group>();
  group->prompt = std::make_shared<const Prompt>(prompt_with({{"answer", "one"}}));
  group->trajectories = {answer_candidate(*group->prompt, "one"),
                         answer_candidate(*group->prompt, "two"),
                         candidate(*group->prompt, "<answer>one</answer><answer>x</answer>")};
  group->trajectories.push_back(answer_candidate(*group->prompt, "one"));
  group->trajectories.back().finish = Finish::kTurns;
  return {group, spec.score(*group), spec.hash()};
}

std::string as_it_is(std::string_view text) {
  return std::string(text);
}

TEST(Replay, FindsNothingWithTheSpecificationThatScored) {
  const auto spec = exact();
  Replay replay(*spec);
  ASSERT_TRUE(replay.add(stored(*spec)).ok());
  const ReplayReport report = replay.report();
  EXPECT_EQ(report.answers, 4);
  EXPECT_EQ(report.changed, 0);
  EXPECT_EQ(report.largest, 0);
  EXPECT_EQ(report.now.of(Outcome::Kind::kScore), 3);
  EXPECT_EQ(report.now.of(Outcome::Kind::kInvalid), 1);
  EXPECT_EQ(report.now.gates.at("count: two_answers"), 1);
  EXPECT_NE(render(report, as_it_is).find("is the one that scored the run"), std::string::npos);
}

TEST(Replay, SaysWhatAnotherSpecificationChanges) {
  const auto before = exact(), after = lenient();
  Replay replay(*after);
  ASSERT_TRUE(replay.add(stored(*before)).ok());
  const ReplayReport report = replay.report();
  // "two" is short enough now, and the gate is gone; "one" stays as it is.
  EXPECT_EQ(report.changed, 2);
  EXPECT_EQ(report.largest, 1);
  EXPECT_NEAR(report.mean_change, 2.0 / 3, 1e-12);
  EXPECT_EQ(report.stored.gates.size(), 1U);
  EXPECT_TRUE(report.now.gates.empty());
  ASSERT_EQ(report.rows.size(), 4U);
  EXPECT_EQ(report.rows[0].key.label(), "total");
  EXPECT_NEAR(report.rows[0].stored.value(), 1.0 / 3, 1e-12);
  EXPECT_EQ(report.rows[0].now.value(), 1);
  EXPECT_EQ(report.rows[1].key.label(), "rule/exact");
  EXPECT_EQ(report.rows[1].now.n, 0);
  const auto json = to_json(report);
  EXPECT_EQ(json["changed"], 2);
  EXPECT_EQ(json["now"]["invalid"], 1);
  EXPECT_EQ(json["stored_hashes"][0], before->hash());
  EXPECT_NE(render(report, as_it_is).find("is not, or not always"), std::string::npos);
}

TEST(Replay, RefusesASpecificationThatDoesNotFitTheRun) {
  const auto spec = spec_of("specs: {locate: {layers: {rule: {terms: [{kind: length, max: 8}]}}}}");
  Replay replay(*spec);
  const auto added = replay.add(stored(*exact()));
  ASSERT_FALSE(added.ok());
  EXPECT_NE(added.error().message.find("count"), std::string::npos) << added.error().message;
}

}  // namespace
}  // namespace nelumbo
