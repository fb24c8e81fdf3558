// SPDX-License-Identifier: Apache-2.0
#include "reward/audit.h"

#include <algorithm>
#include <cctype>
#include <functional>

#include <gtest/gtest.h>

#include "reward/simulated_run.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

AuditReport audited(Plant plant, const RunShape& shape = {}) {
  Audit audit;
  simulate_run(shape, 99, plant,
               [&](int64_t step, const ScoredGroup& group) { audit.add(step, group); });
  return audit.report();
}

const Finding* alarm_of(const AuditReport& report, const std::string& check) {
  const auto at = std::ranges::find_if(report.findings, [&](const Finding& finding) {
    return finding.check == check && finding.alarm;
  });
  return at == report.findings.end() ? nullptr : &*at;
}

TEST(Audit, FindsAPlantedLengthHack) {
  const AuditReport report = audited(Plant::kLengthHack);
  const Finding* const found = alarm_of(report, "length");
  ASSERT_NE(found, nullptr);
  EXPECT_TRUE(std::ranges::any_of(report.findings, [](const Finding& finding) {
    return finding.alarm && finding.check == "length" && finding.what == "rubric/complete";
  }));
}

TEST(Audit, FindsAPlantedBiasAndNamesTheWord) {
  const AuditReport report = audited(Plant::kBias);
  const Finding* const found = alarm_of(report, "bias");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->what, "rubric/clear");
  EXPECT_NE(found->sentence.find("'certainly'"), std::string::npos) << found->sentence;
  EXPECT_EQ(alarm_of(report, "length"), nullptr);
}

TEST(Audit, FindsABiasForSignsAndForCapitals) {
  using Change = std::function<void(std::string&)>;
  const Change exclaim = [](std::string& text) { text += " !!!"; };
  const Change shout = [](std::string& text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  };
  for (const auto& [change, name] :
       {std::pair(exclaim, "'!!!'"), std::pair(shout, "'IN CAPITALS'")}) {
    Audit audit;
    const auto add = [&](int64_t step, const ScoredGroup& scored) {
      Group group = *scored.group;
      for (Trajectory& one : group.trajectories)
        if (const size_t at = one.text.find("certainly"); at != std::string::npos) {
          one.text.erase(at, 9);
          change(one.text);
        }
      audit.add(step, {std::make_shared<const Group>(std::move(group)), scored.outcomes});
    };
    simulate_run({}, 1, Plant::kBias, add);
    const AuditReport report = audit.report();
    const Finding* const found = alarm_of(report, "bias");
    ASSERT_NE(found, nullptr) << name;
    EXPECT_NE(found->sentence.find(name), std::string::npos) << found->sentence;
  }
}

TEST(Audit, FindsNoBiasForTagsNorForWhatToolsSay) {
  Audit audit;
  simulate_run({}, 1, Plant::kBias, [&](int64_t step, const ScoredGroup& scored) {
    Group group = *scored.group;
    for (Trajectory& one : group.trajectories)
      if (const size_t at = one.text.find("certainly"); at != std::string::npos) {
        one.text.erase(at, 9);
        one.answer = one.text;
        one.thoughts.clear();
        if (one.sample % 2 == 0) {
          one.text = "<fake_token>" + one.text;
        } else {
          one.text = "<tool>zoom 0</tool>\nTool: certainly\n" + one.text;
          one.calls.emplace_back();
        }
      }
    audit.add(step, {std::make_shared<const Group>(std::move(group)), scored.outcomes});
  });
  const AuditReport report = audit.report();
  const Finding* const found = alarm_of(report, "bias");
  EXPECT_EQ(found, nullptr) << found->sentence;
}

TEST(Audit, IsCalmOnACleanRun) {
  const AuditReport report = audited(Plant::kNone);
  for (const std::string& check : all_checks())
    EXPECT_EQ(alarm_of(report, check), nullptr) << check;
  EXPECT_EQ(report.answers, 48 * 16 * 8);
  EXPECT_EQ(report.steps, 48);
}

TEST(Audit, CountsFalseAlarmsOnTwentyCleanRuns) {
  Audit audit;
  simulate_run({.steps = 12, .groups = 4, .samples = 4}, 1, Plant::kNone,
               [&](int64_t step, const ScoredGroup& group) { audit.add(step, group); });
  EXPECT_EQ(audit.samples(), 4);
  EXPECT_EQ(audit.groups_of_a_step(), 4);
  AuditReport report = audit.report();
  calibrate(audit, report);
  EXPECT_EQ(report.calibration_runs, 20);
  EXPECT_EQ(report.false_runs.size() + 1, all_checks().size());
  EXPECT_FALSE(report.false_runs.contains("holdout"));
  for (const auto& [check, runs] : report.false_runs)
    EXPECT_LE(runs, 2) << check;
}

/// A right answer of total 0.7 + 0.3 process 0.5, and one that hits a gate.
ScoredGroup two_answers() {
  auto group = std::make_shared<Group>();
  group->prompt = std::make_shared<const Prompt>(prompt_with({}));
  group->trajectories = {answer_candidate(*group->prompt, "one two"),
                         answer_candidate(*group->prompt, "one three")};
  Outcome right;
  right.rule = 0.95;
  right.total = (0.7 + 0.1) * 0.5 - 0.05;
  right.process = 0.5;
  right.shaping = -0.05;
  right.components = {{"exact", "rule", 1, 0.7, ""},
                      {"clear", "rubric", 1, 0.3, ""},
                      {"lies", "rubric", -2.0 / 3, 0, ""},
                      {"loop", "process", 0.5, 0, ""},
                      {"overlong", "shaping", -0.05, 1, ""}};
  Outcome gated = right;
  gated.total = gated.rule = 0;
  gated.shaping = 0;
  gated.process = 1;
  gated.gate = "cheats";
  return {group, {right, gated}, ""};
}

TEST(Audit, SplitsATotalIntoPartsThatSumToIt) {
  Audit audit;
  audit.add(1, two_answers());
  const AuditReport report = audit.report();
  // Both have the same parts but for the gate, so the gate is all that tells them apart.
  double sum = 0;
  for (const VarianceShare& share : report.shares) {
    sum += share.share;
    EXPECT_NEAR(share.share, share.key.layer == "gate" ? 1 : 0, 1e-9) << share.key.label();
  }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Audit, CountsWhatIsNoScoreAndLeavesItOut) {
  ScoredGroup group = two_answers();
  group.outcomes[0].kind = Outcome::Kind::kTimeout;
  Audit audit;
  audit.add(1, group);
  EXPECT_EQ(audit.report().unscored, 1);
  EXPECT_EQ(audit.report().answers, 1);
}

TEST(Audit, HasNothingToSayOfNothing) {
  Audit audit;
  AuditReport report = audit.report();
  EXPECT_TRUE(report.findings.empty());
  calibrate(audit, report);
  EXPECT_EQ(report.calibration_runs, 20);
}

}  // namespace
}  // namespace nelumbo
