// SPDX-License-Identifier: Apache-2.0
#include "reward/fixtures.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

constexpr const char* kSpec = R"(specs:
  type:
    layers: {rule: {terms: [{kind: exact}]}}
tests:
)";

std::string outcome_of(const std::string& tests) {
  const auto spec = RewardSpec::parse(kSpec + tests, "s.yaml");
  if (!spec)
    return spec.error().message;
  const auto done = run_fixtures(*spec.value());
  return done ? "ok" : done.error().message;
}

TEST(Fixtures, CompareOutcomesWithWhatIsExpected) {
  EXPECT_EQ(outcome_of("  - {spec: type, truth: {answer: red}, answer: red,"
                       " expect: {total: '> 0.9', rule: 1, gate: pass}}\n"),
            "ok");
  EXPECT_EQ(outcome_of("  - {spec: type, truth: {answer: red}, answer: blue,"
                       " expect: {total: '> 0.9'}}\n"),
            "s.yaml:5:5: tests[0]: total is 0, expected > 0.9");
  EXPECT_EQ(outcome_of("  - {spec: type, truth: {answer: red}, answer: red, finish: turns,"
                       " expect: {total: 1}}\n"),
            "s.yaml:5:5: tests[0]: outcome is invalid (no answer within the turns), expected "
            "score");
  EXPECT_EQ(outcome_of("  - {spec: type, truth: {answer: red}, answer: red,"
                       " expect: {gate: rude}}\n"),
            "s.yaml:5:5: tests[0]: gate is pass, expected rude");
}

TEST(Fixtures, ThinkAboutAQuestionWithoutAPicture) {
  const auto spec = RewardSpec::parse(
      std::string(kSpec) +
          "  - {spec: type, question: 'What is c?', truth: {answer: c},"
          " text: '<recall>a | gene | c</recall><answer>c</answer>', expect: {total: 1}}\n",
      "s.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const Group& group = spec.value()->fixtures().front().group;
  EXPECT_EQ(group.prompt->text, "What is c?");
  EXPECT_EQ(group.prompt->id, "s.yaml:5:5: tests[0]");
  ASSERT_EQ(group.trajectories[0].thoughts.size(), 1u);
  EXPECT_EQ(group.trajectories[0].thoughts[0].text, "a | gene | c");
}

TEST(Fixtures, ListEveryFailure) {
  const std::string bad = "  - {spec: type, truth: {answer: red}, answer: a, expect: {total: 1}}\n";
  EXPECT_EQ(outcome_of(bad + bad),
            "s.yaml:5:5: tests[0]: total is 0, expected = 1\n"
            "s.yaml:6:5: tests[1]: total is 0, expected = 1");
}

TEST(Fixtures, AreCheckedAgainstTheirSpec) {
  EXPECT_EQ(outcome_of("  - {spec: tipe, answer: a, expect: {total: 1}}\n"),
            "s.yaml:5:12: tests[0].spec: 'spec' must name one of the specs of this file (did you "
            "mean 'type'?)");
  EXPECT_EQ(outcome_of("  - {spec: type, truth: {anser: a}, answer: a, expect: {total: 1}}\n"),
            "s.yaml:5:5: tests[0]: s.yaml:3:29: specs.type.layers.rule.terms[0].truth: the data "
            "of task 'type' has no field 'answer'; it has anser (did you mean 'anser'?)");
}

TEST(Fixtures, RefuseWhatIsWrittenWrong) {
  const std::string start = "  - {spec: type, truth: {answer: red}, ";
  EXPECT_EQ(outcome_of(start + "expect: {total: 1}}\n"),
            "s.yaml:5:5: tests[0]: needs one of 'answer', 'text' and 'box'");
  EXPECT_EQ(outcome_of(start + "answer: a}\n"), "s.yaml:5:5: tests[0]: 'expect' is missing");
  EXPECT_EQ(
      outcome_of(start + "answer: a, expect: {}}\n"),
      "s.yaml:5:59: tests[0].expect: expects nothing; name a total, a gate or a kind of outcome");
  EXPECT_EQ(outcome_of(start + "answer: a, expect: {total: high}}\n"),
            "s.yaml:5:67: tests[0].expect.total: must be a number or like \"> 0.8\", not 'high'");
  EXPECT_EQ(outcome_of(start + "box: [1, 2, 1, 3], expect: {total: 1}}\n"),
            "s.yaml:5:45: tests[0].box: must be [x0, y0, x1, y1] with x0 < x1 and y0 < y1");
}

TEST(Fixtures, ExpectationsReadRelations) {
  EXPECT_TRUE(Expectation::parse("> 0.8")->holds(0.81));
  EXPECT_FALSE(Expectation::parse("> 0.8")->holds(0.8));
  EXPECT_TRUE(Expectation::parse(">=0.8")->holds(0.8));
  EXPECT_TRUE(Expectation::parse("<= 0")->holds(-0.1));
  EXPECT_FALSE(Expectation::parse("< 0")->holds(0));
  EXPECT_TRUE(Expectation::parse("-0.5")->holds(-0.5));
  EXPECT_FALSE(Expectation::parse("0.5")->holds(0.51));
  EXPECT_FALSE(Expectation::parse("=> 1").has_value());
  EXPECT_FALSE(Expectation::parse("> ").has_value());
  EXPECT_FALSE(Expectation::parse("> 1 or so").has_value());
}

}  // namespace
}  // namespace nelumbo
