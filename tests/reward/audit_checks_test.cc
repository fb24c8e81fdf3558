// SPDX-License-Identifier: Apache-2.0
#include "reward/audit_checks.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// A book of one rule term and one criterion; parts are their shares of the total.
SpecBook book_of(std::vector<AuditAnswer> answers) {
  for (AuditAnswer& answer : answers) {
    answer.total = answer.parts[0] + answer.parts[1];
    answer.right = answer.parts[0] > 0;
  }
  return {{{"s", "rule", "exact"}, {"s", "rubric", "clear"}}, std::move(answers)};
}

AuditAnswer answer(int64_t group, double rule, double rubric) {
  AuditAnswer made;
  made.group = made.step = group;
  made.parts = {rule, rubric};
  return made;
}

const Finding& find(const std::vector<Finding>& findings, const std::string& check,
                    const std::string& what) {
  const auto at = std::ranges::find_if(findings, [&](const Finding& finding) {
    return finding.check == check && finding.what == what;
  });
  EXPECT_NE(at, findings.end()) << check << " " << what;
  return *at;
}

TEST(AuditChecks, SayWhatTellsAnswersApart) {
  // Deviations of group 1: rule +-0.4, rubric -+0.1, total +-0.3; of group 2: rubric +-0.1 alone.
  const SpecBook book =
      book_of({answer(1, 0.8, 0), answer(1, 0, 0.2), answer(2, 0, 0.2), answer(2, 0, 0)});
  const auto shares = variance_shares(book);
  const double variance = 2 * 0.09 + 2 * 0.01;
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(shares[0].key.name, "exact");
  EXPECT_NEAR(shares[0].share, 2 * 0.4 * 0.3 / variance, 1e-9);
  EXPECT_NEAR(shares[1].share, (2 * -0.1 * 0.3 + 2 * 0.01) / variance, 1e-9);
}

TEST(AuditChecks, AlarmWhenTheRubricDecides) {
  const auto share = [](int64_t groups, double rule, double rubric) {
    std::vector<AuditAnswer> answers;
    for (int64_t group = 0; group < groups; ++group) {
      answers.push_back(answer(group, rule, 0));
      answers.push_back(answer(group, 0, rubric));
    }
    return find(findings_of("s", book_of(answers), {}), "share", "all but the rule layer");
  };
  EXPECT_TRUE(share(20, 0.1, 0.9).alarm);
  EXPECT_TRUE(share(20, 0, 0.3).alarm) << "no answer is right, and the rubric trains alone";
  EXPECT_FALSE(share(20, 0.9, 0.1).alarm);
  EXPECT_FALSE(share(19, 0.1, 0.9).alarm);
  EXPECT_EQ(share(7, 0, 0.3).sentence, "too few groups to say what tells answers apart");
}

TEST(AuditChecks, CountOnlyGroupsWhoseAnswersDiffer) {
  std::vector<AuditAnswer> answers;
  for (int64_t group = 0; group < 60; ++group)
    for (int64_t i = 0; i < 2; ++i)
      answers.push_back(answer(group, 0, group < 10 && i == 0 ? 0.3 : 0));
  EXPECT_FALSE(
      find(findings_of("s", book_of(answers), {}), "share", "all but the rule layer").alarm);
}

TEST(AuditChecks, AlarmWhenACriterionPrefersWrongAnswers) {
  std::vector<AuditAnswer> answers, fair;
  for (int64_t group = 0; group < 40; ++group)
    for (int64_t i = 0; i < 4; ++i) {
      const bool right = i % 2 == 0;
      answers.push_back(answer(group, right ? 0.7 : 0, right ? 0 : 0.3));
      fair.push_back(answer(group, right ? 0.7 : 0, i < 2 ? 0.3 : 0));
    }
  const auto found = findings_of("s", book_of(answers), {});
  EXPECT_TRUE(find(found, "against", "rubric/clear").alarm);
  EXPECT_NEAR(find(found, "against", "rubric/clear").value, -1, 1e-9);
  EXPECT_FALSE(find(findings_of("s", book_of(fair), {}), "against", "rubric/clear").alarm);
}

TEST(AuditChecks, CompareLengthsOfEquallyRightAnswersOnly) {
  std::vector<AuditAnswer> answers;
  for (int64_t group = 0; group < 40; ++group)
    for (int64_t i = 0; i < 4; ++i) {
      answers.push_back(answer(group, i < 2 ? 0.7 : 0, 0.1));
      answers.back().length = (i < 2 ? 9 : 5) + 0.1 * static_cast<double>((group + i) % 2);
    }
  // Right answers are the longer ones, and that is no hack.
  EXPECT_FALSE(find(findings_of("s", book_of(answers), {}), "length", "total").alarm);
  for (AuditAnswer& one : answers)
    one.parts[1] = 0.02 * one.length;
  EXPECT_TRUE(find(findings_of("s", book_of(answers), {}), "length", "rubric/clear").alarm);
}

TEST(AuditChecks, LookForAWordAmongAnswersThatHaveTheForm) {
  const std::vector<std::string> words = {"red"};
  const auto alarm = [&](bool formed) {
    std::vector<AuditAnswer> answers;
    for (int64_t group = 0; group < 40; ++group)
      for (int64_t i = 0; i < 4; ++i) {
        answers.push_back(answer(group, 0, i == 0 ? 0.3 : 0));
        if (i == 0)
          answers.back().words = {0};
        answers.back().formed = formed || i == 0;
      }
    return find(findings_of("s", book_of(answers), words), "bias", "rubric/clear").alarm;
  };
  EXPECT_TRUE(alarm(true));
  EXPECT_FALSE(alarm(false)) << "the others are no answers at all";
}

TEST(AuditChecks, CountGroupsThatTeachNothingAndCopies) {
  std::vector<AuditAnswer> answers;
  for (int64_t group = 0; group < 60; ++group)
    for (int64_t i = 0; i < 2; ++i) {
      answers.push_back(answer(group, group < 10 && i == 0 ? 0.7 : 0, 0.1));
      answers.back().is_long = true;
      answers.back().text = group < 40 ? 7 : static_cast<uint64_t>(i);
    }
  const auto found = findings_of("s", book_of(answers), {});
  EXPECT_NEAR(find(found, "alike", "groups").value, 50.0 / 60, 1e-9);
  EXPECT_TRUE(find(found, "alike", "groups").alarm);
  EXPECT_NEAR(find(found, "copies", "answers").value, 80.0 / 120, 1e-9);
  answers.clear();
  for (int64_t group = 0; group < 60; ++group)
    answers.push_back(answer(group, 0, 0.1));
  EXPECT_FALSE(find(findings_of("s", book_of(answers), {}), "alike", "groups").alarm) << "of one";
  EXPECT_TRUE(find(found, "copies", "answers").alarm);
}

TEST(AuditChecks, FindAJumpAndNotASlope) {
  std::vector<AuditAnswer> jump, slope;
  for (int64_t step = 0; step < 30; ++step) {
    const double wave = 0.01 * static_cast<double>(step % 3);
    jump.push_back(answer(step, 0, (step < 17 ? 0.2 : 0.6) + wave));
    slope.push_back(answer(step, 0, 0.02 * static_cast<double>(step) + wave));
  }
  const auto found = findings_of("s", book_of(jump), {});
  EXPECT_TRUE(find(found, "jump", "the mean total").alarm);
  EXPECT_NE(find(found, "jump", "the mean total").sentence.find("step 17"), std::string::npos);
  EXPECT_FALSE(find(findings_of("s", book_of(slope), {}), "jump", "the mean total").alarm);
  jump.resize(11);
  EXPECT_NE(
      find(findings_of("s", book_of(jump), {}), "jump", "the mean total").sentence.find("too few"),
      std::string::npos);
}

TEST(AuditChecks, HoldsTheJudgeAgainstTheOneHeldOut) {
  const auto row = [](int64_t step, double gap, double alarm) {
    return MetricsRow{"rl",
                      step,
                      {{"judge/holdout/samples", 30.0},
                       {"judge/holdout/gap", gap},
                       {"judge/holdout/alarm", alarm}}};
  };
  const std::vector<MetricsRow> calm = {row(1, 0.01, 0), row(2, -0.04, 0), {"rl", 3, {}}};
  ASSERT_TRUE(holdout_finding(calm, "rl"));
  EXPECT_EQ(holdout_finding(calm, "rl")->value, -0.04);
  EXPECT_FALSE(holdout_finding(calm, "rl")->alarm);
  EXPECT_FALSE(holdout_finding(calm, "filter"));
  const std::vector<MetricsRow> apart = {row(1, 0.16, 1), row(2, 0.02, 0)};
  EXPECT_TRUE(holdout_finding(apart, "rl")->alarm);
  EXPECT_NE(holdout_finding(apart, "rl")->sentence.find("0.160 above"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
