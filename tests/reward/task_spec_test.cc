// SPDX-License-Identifier: Apache-2.0
#include "reward/task_spec.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

constexpr const char* kWhole = R"(
gate:
  - {name: two_answers, when: {answers: 2}, severity: minor, value: -0.5}
layers:
  rule: {weight: 0.6, terms: [{kind: exact}]}
  rubric: {weight: 0.4, criteria: [{criterion: hits, matcher: {located_hits: boxes}}]}
  process: {checks: [{kind: unused_tool, region: region}]}
shaping:
  - {kind: nudge, value: 0.01, when: {one_of: choices}}
on: {truncated: invalid, turns: zero, limit_seconds: 2}
)";

std::string error_of(const std::string& yaml) {
  const auto spec = TaskSpec::read("a", node_of(yaml));
  return spec ? "" : spec.error().message;
}

TEST(TaskSpecTest, ReadsAllItsParts) {
  const auto spec = TaskSpec::read("a", node_of(kWhole));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec.value().gate[0].name, "two_answers");
  EXPECT_EQ(spec.value().gate[0].value, -0.5);
  EXPECT_TRUE(spec.value().rubric && spec.value().process && spec.value().shaping);
  EXPECT_EQ(spec.value().on.truncated, "invalid");
  EXPECT_EQ(spec.value().on.limit_seconds, 2);
}

TEST(TaskSpecTest, ReadsWhatBecomesOfAnswersWithoutAScore) {
  const auto on = [](const std::string& words) {
    const auto spec = TaskSpec::read(
        "a", node_of("{layers: {rule: {terms: [{kind: exact}]}}, on: {" + words + "}}"));
    EXPECT_TRUE(spec.ok()) << spec.error().message;
    return spec.ok() ? spec.value().on : OnKeys();
  };
  const OnKeys silent = on("");
  for (const auto kind :
       {Outcome::Kind::kInvalid, Outcome::Kind::kInfraError, Outcome::Kind::kTimeout}) {
    EXPECT_EQ(silent.failure(kind).retries, 0);
    EXPECT_FALSE(silent.failure(kind).pause);
  }
  const OnKeys all = on("invalid: drop, infra_error: retry(2), timeout: pause");
  EXPECT_EQ(all.failure(Outcome::Kind::kInfraError).retries, 2);
  EXPECT_FALSE(all.failure(Outcome::Kind::kInfraError).pause);
  EXPECT_TRUE(all.failure(Outcome::Kind::kTimeout).pause);
  EXPECT_TRUE(on("infra_error: pause").failure(Outcome::Kind::kInfraError).pause);
  for (const char* wrong :
       {"infra_error: retry", "infra_error: retry(0)", "infra_error: retry(11)",
        "infra_error: retry(x)", "timeout: retry(2)", "invalid: pause", "infra_error: zero"})
    EXPECT_NE(
        error_of("{layers: {rule: {terms: [{kind: exact}]}}, on: {" + std::string(wrong) + "}}")
            .find("must be "),
        std::string::npos)
        << wrong;
}

TEST(TaskSpecTest, KnowsEveryTruthFieldThatItNeeds) {
  const auto spec = TaskSpec::read("a", node_of(kWhole));
  std::string names;
  for (const TruthField& field : spec.value().needs())
    names += field.name + " ";
  EXPECT_EQ(names, "answer boxes region choices ");
}

TEST(TaskSpecTest, RefusesShapingThatOutweighsTheRule) {
  EXPECT_EQ(error_of(R"(
layers:
  rule: {weight: 0.1, terms: [{kind: exact}]}
  rubric: {weight: 0.9, criteria: [{criterion: one turn, matcher: {turns: 1}}]}
shaping: [{kind: soft_overlong, factor: 0.1}]
)"),
            "s.yaml:5:10: shaping: can move the total by 0.1, and right against wrong by 0.1 only; "
            "raise the rule layer's weight");
}

TEST(TaskSpecTest, RefusesWhatIsWrittenWrong) {
  const std::string rule = "layers: {rule: {terms: [{kind: exact}]}}\n";
  EXPECT_EQ(error_of("gate: []"), "s.yaml:1:1: 'layers' is missing");
  EXPECT_EQ(error_of(rule + "gate: [{when: {answers: 2}}]"),
            "s.yaml:2:8: gate[0]: 'name' is missing");
  EXPECT_EQ(error_of(rule + "gate: [{name: a, when: {answer: 2}}]").substr(0, 43),
            "s.yaml:2:24: gate[0].when: no known matcher");
  EXPECT_EQ(error_of(rule + "on: {truncated: drop}"),
            "s.yaml:2:17: on.truncated: must be one of zero, invalid");
  EXPECT_EQ(error_of("layers: {rules: {}}"),
            "s.yaml:1:10: layers.rules: unknown key (did you mean 'rule'?)");
}

}  // namespace
}  // namespace nelumbo
