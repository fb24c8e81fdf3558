// SPDX-License-Identifier: Apache-2.0
#include "reward/spec_diff.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

/// Gives each answer the total that `total_of` reads in it; "late" is a timeout.
class Reads : public RewardSpec {
 public:
  explicit Reads(size_t place) : place_(place) {}
  std::vector<std::string> names() const override { return {"count"}; }
  Result<void> check_prompt(const Prompt& prompt) const override {
    if (prompt.reward != "count")
      return Error{Errc::kInvalidConfig, prompt.reward};
    return {};
  }
  std::vector<Outcome> score(const Group& group) const override {
    std::vector<Outcome> outcomes;
    for (const Trajectory& trajectory : group.trajectories) {
      Outcome outcome;
      const std::string word =
          trajectory.answer.substr(place_ == 0 ? 0 : trajectory.answer.find(' ') + 1);
      if (word.starts_with("late"))
        outcome.kind = Outcome::Kind::kTimeout;
      else
        outcome.total = std::stod(word);
      outcome.components = {{"read", "rule", outcome.total, 1, ""}};
      if (place_ == 1)
        outcome.components.push_back({"added", "rubric", 0.25, 0.1, ""});
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }
  std::string hash() const override { return "reads"; }

 private:
  size_t place_;
};

/// A group whose answers are "BEFORE AFTER".
Group group_of(const std::vector<std::string>& answers) {
  Group group;
  group.prompt = std::make_shared<const Prompt>(prompt_with({}));
  for (const std::string& answer : answers)
    group.trajectories.push_back(answer_candidate(*group.prompt, answer));
  return group;
}

std::string marked(std::string_view text) {
  return "[" + std::string(text) + "]";
}

TEST(SpecDiff, CountsFlipsRanksAndSpread) {
  const Reads before(0), after(1);
  SpecDiff diff(before, after);
  // Pairs: (0.9 0.1) turns round; (0.9 0.9) parts; (0.1 0.9) becomes alike.
  ASSERT_TRUE(diff.add(group_of({"0.9 0.2", "0.1 0.4", "0.9 0.4"})).ok());
  ASSERT_TRUE(diff.add(group_of({"0.5 0.5", "late 0.5", "0.4 0.5"})).ok());
  const DiffReport report = diff.report();
  EXPECT_EQ(report.groups, 2);
  EXPECT_EQ(report.answers, 6);
  EXPECT_EQ(report.scored, 5);
  EXPECT_EQ(report.kind_changes, 1);
  EXPECT_EQ(report.moved, 4);
  EXPECT_EQ(report.now_wrong, 2);
  EXPECT_EQ(report.now_right, 1);
  EXPECT_EQ(report.pairs, 4);
  EXPECT_EQ(report.reversed, 1);
  EXPECT_EQ(report.parted, 1);
  EXPECT_EQ(report.tied, 2);
  EXPECT_EQ(report.other_best, 0);
  EXPECT_EQ(report.flat_before, 0);
  EXPECT_EQ(report.flat_after, 1);
  // Standard deviations: 0.8 sqrt(2)/3 and 0.05; 0.2 sqrt(2)/3 and 0.
  EXPECT_NEAR(report.spread_before.value(), (0.8 * std::sqrt(2.0) / 3 + 0.05) / 2, 1e-12);
  EXPECT_NEAR(report.spread_after.value(), 0.2 * std::sqrt(2.0) / 6, 1e-12);
}

TEST(SpecDiff, SeesWhenAnotherAnswerIsBest) {
  const Reads before(0), after(1);
  SpecDiff diff(before, after);
  ASSERT_TRUE(diff.add(group_of({"0.9 0.2", "0.1 0.4"})).ok());
  EXPECT_EQ(diff.report().other_best, 1);
}

TEST(SpecDiff, NamesWhatMoved) {
  const Reads before(0), after(1);
  SpecDiff diff(before, after);
  ASSERT_TRUE(diff.add(group_of({"0.9 0.2", "0.1 0.1"})).ok());
  const DiffReport report = diff.report();
  ASSERT_EQ(report.components.size(), 2U);
  EXPECT_EQ(report.components[0].key.label(), "rule/read");
  EXPECT_NEAR(report.components[0].distance.value(), 0.35, 1e-12);
  EXPECT_EQ(report.components[1].before.n, 0);
  EXPECT_EQ(report.components[1].after.value(), 0.25);
  ASSERT_EQ(report.largest.size(), 1U);
  EXPECT_EQ(report.largest[0].moved, "rule/read");
  EXPECT_EQ(report.largest[0].place, "val/picture/count/0, answer 0");
  const auto json = to_json(report);
  EXPECT_EQ(json["components"][1]["before"], nullptr);
  EXPECT_EQ(json["largest"][0]["after"], 0.2);
}

TEST(SpecDiff, ShowsTheTenLargestChangesThroughTheEscape) {
  const Reads before(0), after(1);
  SpecDiff diff(before, after);
  std::vector<std::string> answers;
  for (int i = 0; i < 14; ++i)
    answers.push_back("0 0." + std::to_string(10 + i));
  ASSERT_TRUE(diff.add(group_of(answers)).ok());
  const DiffReport report = diff.report();
  ASSERT_EQ(report.largest.size(), 10U);
  EXPECT_NEAR(report.largest.front().after, 0.23, 1e-12);
  EXPECT_NEAR(report.largest.back().after, 0.14, 1e-12);
  const std::string text = render(report, marked);
  EXPECT_NE(text.find("said:  [<answer>0 0.23</answer>]"), std::string::npos) << text;
}

TEST(SpecDiff, RefusesAPromptThatASpecificationDoesNotKnow) {
  const Reads before(0), after(1);
  SpecDiff diff(before, after);
  Group group = group_of({"0 1"});
  auto prompt = std::make_shared<Prompt>(*group.prompt);
  prompt->reward = "other";
  group.prompt = prompt;
  EXPECT_FALSE(diff.add(group).ok());
}

TEST(SpecDiff, FindsNothingBetweenEquals) {
  const Reads before(0);
  SpecDiff diff(before, before);
  ASSERT_TRUE(diff.add(group_of({"0.9 1", "0.1 1"})).ok());
  EXPECT_EQ(diff.report().moved, 0);
  EXPECT_TRUE(diff.report().largest.empty());
}

}  // namespace
}  // namespace nelumbo
