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

TEST(TaskSpecTest, TakesTheGatesOfAListThatItNames) {
  const GateLists lists{{"usual", node_of("[{name: two, when: {answers: 2}}]")},
                        {"circle", node_of("[{use: usual}]")}};
  const auto gates = [&](const std::string& list) {
    const std::string layers = "{layers: {rule: {terms: [{kind: exact}]}}, gate: ";
    const auto spec = TaskSpec::read("a", node_of(layers + list + "}"), {}, lists);
    std::string names = spec ? "" : spec.error().message;
    for (size_t i = 0; spec && i < spec.value().gate.size(); ++i)
      names += spec.value().gate[i].name + " ";
    return names;
  };
  EXPECT_EQ(gates("[{use: usual}]"), "two ");
  EXPECT_EQ(gates("[{name: one, when: {answers: 1}}, {use: usual}]"), "one two ");
  EXPECT_NE(gates("[{use: usul}]").find("called 'usul' (did you mean 'usual'?)"),
            std::string::npos);
  EXPECT_NE(gates("[{use: circle}]").find("no list under 'gates'"), std::string::npos);
  EXPECT_NE(gates("[{use: usual}, {use: usual}]").find("'two' already"), std::string::npos);
  EXPECT_NE(gates("[{use: usual, value: 0}]").find("value"), std::string::npos);
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

TEST(TaskSpecTest, RefusesAGateThatIsBetterThanTheWorstAnswer) {
  const auto spec = [](const std::string& value, const std::string& rule) {
    return "gate: [{name: loud, when: {contains: [LOUD]}" + value + "}]\nlayers:\n" + rule +
           "  rubric:\n    form: healthbench\n    criteria:\n"
           "      - {criterion: red, points: 4, matcher: {contains: [red]}}\n"
           "      - {criterion: cheese, points: -3, matcher: {contains: [cheese]}}\n";
  };
  const std::string rule = "  rule: {weight: 2, terms: [{kind: exact}]}\n";
  EXPECT_EQ(error_of(spec(", value: -0.5", "")),
            "s.yaml:1:54: gate[0].value: -0.5 is better than -0.75, which the worst answer gets "
            "that no gate stops: it would pay to violate 'loud'; leave the value out, which gives "
            "just that, or lower it");
  EXPECT_NE(error_of(spec(", value: 0", rule)).find(": 0 is better than -0.25, "),
            std::string::npos);
  for (const char* value : {"", ", value: -0.75", ", value: -1"})
    EXPECT_EQ(error_of(spec(value, "")), "") << value;
  EXPECT_EQ(error_of(spec(", value: -0.25", rule)), "");
}

TEST(TaskSpecTest, RefusesSuchAGateWithThePromptThatShowsIt) {
  const std::vector<std::string> judges = {"grader"};
  const auto spec = TaskSpec::read(
      "a",
      node_of("{gate: [{name: loud, when: {contains: [LOUD]}, value: 0}], layers: {rubric: "
              "{form: healthbench, judge: grader, from: rubric}}}"),
      judges);
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const auto prompt = [](double fault) {
    return prompt_with(
        {{"rubric",
          {{{"criterion", "red"}, {"points", 4}}, {{"criterion", "cheese"}, {"points", fault}}}}});
  };
  EXPECT_TRUE(spec.value().check_gate(prompt(1)).ok());
  const auto refused = spec.value().check_gate(prompt(-2));
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(
      refused.error().message.starts_with("s.yaml:1:55: gate[0].value: 0 is better than "
                                          "-0.5, "))
      << refused.error().message;
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
            "s.yaml:2:17: on.truncated: must be one of zero, invalid, score");
  EXPECT_EQ(error_of("layers: {rules: {}}"),
            "s.yaml:1:10: layers.rules: unknown key (did you mean 'rule'?)");
}

}  // namespace
}  // namespace nelumbo
