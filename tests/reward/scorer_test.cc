// SPDX-License-Identifier: Apache-2.0
#include "reward/scorer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/reward/stage.h"
#include "tests/support/judge_panels.h"

namespace nelumbo {
namespace {

constexpr const char* kSpec = R"(
gate:
  - {name: two_answers, when: {answers: 2}}
layers:
  rule:
    weight: 0.6
    terms:
      - {kind: format}
      - {kind: count, truth: answer}
      - {kind: tool_use, weight: 0.25}
  rubric:
    weight: 0.2
    criteria: [{criterion: hits, kind: essential, matcher: {located_hits: boxes}}]
  process:
    checks: [{kind: unsupported}, {kind: loop}]
shaping:
  - {kind: nudge, value: 0.01, when: {turns: 1}}
)";

Prompt platelet() {
  return prompt_with({{"answer", "1"}, {"boxes", {{100, 100, 140, 140}}}});
}

double no_time() {
  return 0;
}

std::vector<Outcome> scored(const Prompt& prompt, std::vector<Trajectory> trajectories,
                            const std::string& more = "", const Stopwatch& seconds = no_time) {
  const auto spec = TaskSpec::read("count", node_of(std::string(kSpec) + more));
  EXPECT_TRUE(spec.ok());
  const Group group{GroupId{1}, std::make_shared<Prompt>(prompt), std::move(trajectories)};
  return score_group(spec.value(), group, seconds);
}

Trajectory answer(const std::string& text, std::vector<Box> located = {}) {
  Trajectory said = answer_candidate(platelet(), text);
  for (const Box& box : located)
    add_call(said, "locate", box);
  return said;
}

const Box kHit{100, 100, 140, 140};
const Box kMiss{300, 300, 340, 340};

TEST(Scorer, CombinesTheLayers) {
  const Outcome outcome = scored(platelet(), {answer("1", {kHit})}).front();
  EXPECT_EQ(outcome.kind, Outcome::Kind::kScore);
  EXPECT_TRUE(outcome.has_rubric);
  EXPECT_DOUBLE_EQ(outcome.rule, 1);
  EXPECT_DOUBLE_EQ(outcome.rubric, 1);
  EXPECT_DOUBLE_EQ(outcome.total, 1);
}

TEST(Scorer, WeighsLayersAndJoinsShapingToTheRule) {
  const Outcome outcome = scored(platelet(), {answer("1")}).front();
  // Rule: count 0.8 of 1, no tool used; rule 0.75 and rubric 0.25 of the total; nudge 0.01.
  EXPECT_DOUBLE_EQ(outcome.rule, 0.81);
  EXPECT_DOUBLE_EQ(outcome.rubric, 0);
  EXPECT_DOUBLE_EQ(outcome.shaping, 0.01);
  EXPECT_DOUBLE_EQ(outcome.total, 0.75 * 0.8 + 0.01);
}

TEST(Scorer, RecordsSharesOfTheTotal) {
  const Outcome outcome = scored(platelet(), {answer("1")}).front();
  double rule = 0, rubric = 0;
  for (const Component& component : outcome.components) {
    rule += component.layer == "rule" ? component.weight : 0;
    rubric += component.layer == "rubric" ? component.weight : 0;
  }
  EXPECT_DOUBLE_EQ(rule, 0.75);
  EXPECT_DOUBLE_EQ(rubric, 0.25);
}

TEST(Scorer, RenormalisesWhenALayerDoesNotApply) {
  const Prompt none = prompt_with({{"answer", "0"}, {"boxes", nlohmann::json::array()}});
  const Outcome outcome = scored(none, {answer_candidate(none, "0")}).front();
  EXPECT_FALSE(outcome.has_rubric);
  EXPECT_DOUBLE_EQ(outcome.total, 0.8 + 0.01);
}

TEST(Scorer, ScalesTheTotalByTheSmallestStepFactor) {
  const Outcome outcome = scored(platelet(), {answer("1", {kHit, kMiss, kMiss})}).front();
  EXPECT_EQ(outcome.process, 0.1);
  ASSERT_EQ(outcome.steps.size(), 2u);
  // One call too many: 0.03 of a bonus of 0.25.
  EXPECT_DOUBLE_EQ(outcome.rule, 0.8 + 0.2 * (1 - 0.03 / 0.25));
  EXPECT_NEAR(outcome.total, 0.1 * (0.75 * outcome.rule + 0.25), 1e-12);
}

TEST(Scorer, GivesTheToolBonusOnlyWhereToolsWereNeeded) {
  const auto needed =
      scored(platelet(), {answer("1", {kHit}), answer("2"), answer("2"), answer("1")});
  EXPECT_DOUBLE_EQ(needed[0].rule, 1);
  const auto plain = scored(platelet(), {answer("1", {kHit}), answer("1"), answer("2")});
  EXPECT_DOUBLE_EQ(plain[0].rule, 0.8);
  EXPECT_DOUBLE_EQ(plain[1].rule, 0.81);
}

TEST(Scorer, SetsEverythingToTheGateValue) {
  Trajectory said = candidate(platelet(), "<answer>1</answer><answer>1</answer>");
  const Outcome outcome = scored(platelet(), {said}).front();
  EXPECT_EQ(outcome.gate, "two_answers");
  EXPECT_EQ(outcome.total, 0);
  EXPECT_EQ(outcome.rule, 0);
  EXPECT_EQ(outcome.rubric, 0);
  EXPECT_EQ(outcome.components.back().evidence, "critical: 2 answers");
}

TEST(Scorer, CallsAnAnswerThatRanOutOfTurnsInvalid) {
  Trajectory said = answer("1");
  said.finish = Finish::kTurns;
  EXPECT_EQ(scored(platelet(), {said}).front().kind, Outcome::Kind::kInvalid);
  const Outcome zero = scored(platelet(), {said}, "on: {turns: zero}\n").front();
  EXPECT_EQ(zero.components.front().evidence, "no answer within the turns");
}

TEST(Scorer, ScoresATruncatedAnswerAsTheSpecificationSays) {
  Trajectory said = candidate(platelet(), "I think that");
  said.finish = Finish::kLength;
  const Outcome zero = scored(platelet(), {said}).front();
  EXPECT_DOUBLE_EQ(zero.total, 0);
  const Outcome none = scored(platelet(), {said}, "on: {truncated: invalid}\n").front();
  EXPECT_EQ(none.reason, "cut off by the length limit");
  const Outcome judged = scored(platelet(), {said}, "on: {truncated: score}\n").front();
  EXPECT_NE(judged.components.front().evidence, zero.components.front().evidence);
  said = answer("1");
  said.finish = Finish::kLength;
  EXPECT_GT(scored(platelet(), {said}).front().total, 0.5);
}

TEST(Scorer, TurnsATruthThatIsMissingIntoAnInfraError) {
  const Prompt broken = prompt_with({{"answer", "1"}});
  const auto outcomes = scored(broken, {answer("1"), answer("2")});
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kInfraError);
  EXPECT_EQ(outcomes[1].reason, "hits: truth has no field 'boxes'");
}

TEST(Scorer, TurnsAValueThatIsNotFiniteIntoAnInfraError) {
  const Prompt endless = prompt_with({{"boxes", {{0, 0, HUGE_VAL, HUGE_VAL}}}});
  Trajectory said = answer("1");
  said.answer_box = Box{0, 0, HUGE_VAL, HUGE_VAL};
  const auto spec = TaskSpec::read("a", node_of("layers: {rule: {terms: [{kind: iou}]}}"));
  const Group group{GroupId{1}, std::make_shared<Prompt>(endless), {said, answer("1")}};
  const auto outcomes = score_group(spec.value(), group, no_time);
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kInfraError);
  EXPECT_EQ(outcomes[0].reason, "iou: the value is not finite (s.yaml:1:25: layers.rule.terms[0])");
  EXPECT_EQ(outcomes[1].kind, Outcome::Kind::kScore);
}

/// A gate that fails `failures` times before it lets everything pass.
class Flaky : public Term {
 public:
  explicit Flaky(int64_t failures) : left_(failures) {}
  Result<Verdict> judge(const Scene&) const override {
    if (left_-- > 0)
      return Error{Errc::kUnavailable, "the judge is down"};
    return Verdict{0, ""};
  }

 private:
  mutable int64_t left_;
};

Outcome scored_by_flaky(int64_t failures, const std::string& on) {
  auto spec = TaskSpec::read("count", node_of(std::string(kSpec) + on));
  EXPECT_TRUE(spec.ok());
  spec.value().gate.push_back({"flaky", "critical", 0, std::make_unique<Flaky>(failures)});
  const Group group{GroupId{1}, std::make_shared<Prompt>(platelet()), {answer("1", {kHit})}};
  return score_group(spec.value(), group, no_time).front();
}

TEST(Scorer, TriesAgainAsOftenAsTheSpecificationSays) {
  const Outcome again = scored_by_flaky(2, "on: {infra_error: retry(2)}");
  EXPECT_EQ(again.kind, Outcome::Kind::kScore);
  EXPECT_EQ(again.total, scored_by_flaky(0, "").total);
  const Outcome given_up = scored_by_flaky(3, "on: {infra_error: retry(2)}");
  EXPECT_EQ(given_up.kind, Outcome::Kind::kInfraError);
  EXPECT_EQ(given_up.reason, "flaky: the judge is down");
  EXPECT_EQ(scored_by_flaky(1, "").kind, Outcome::Kind::kInfraError);
}

/// A gate that stops everything, and counts.
class Counting : public Term {
 public:
  explicit Counting(int64_t* asked) : asked_(asked) {}
  Result<Verdict> judge(const Scene&) const override {
    ++*asked_;
    return Verdict{1, ""};
  }

 private:
  int64_t* asked_;
};

TEST(Scorer, AsksAGateOnceForEachAnswer) {
  auto spec = TaskSpec::read("count", node_of(kSpec));
  ASSERT_TRUE(spec.ok());
  int64_t asked = 0;
  spec.value().gate.push_back({"all", "critical", -1, std::make_unique<Counting>(&asked)});
  const Group group{GroupId{1}, std::make_shared<Prompt>(platelet()), {answer("1"), answer("2")}};
  for (const Outcome& outcome : score_group(spec.value(), group, no_time))
    EXPECT_EQ(outcome.gate, "all");
  EXPECT_EQ(asked, 2);
}

TEST(Scorer, StopsWhenTheGroupTakesTooLong) {
  double now = 0;
  const auto outcomes = scored(platelet(), {answer("1"), answer("1"), answer("1")},
                               "on: {limit_seconds: 2}\n", [&now] { return now += 0.5; });
  // Read at 0.5 (start); then 1.0, 1.5, 2.0 for what is right; 2.5 and on are too late.
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(outcomes[2].kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(
      scored(platelet(), {answer("1")}, "on: {limit_seconds: 2}\n", [] { return 7.0; })[0].kind,
      Outcome::Kind::kScore);
}

TEST(Scorer, AddsAProcessLayerThatHasAWeight) {
  const auto spec = TaskSpec::read("count", node_of(R"(
gate: [{name: shout, when: {contains: ["LOUD"], in: text}, value: -0.5}]
layers:
  rule: {weight: 0.6, terms: [{kind: exact}]}
  process: {form: sum, weight: 0.4, checks: [{kind: arithmetic, factor: 0.5}]}
)"));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const Prompt prompt = prompt_with({{"answer", "7"}});
  const auto said = [&](const std::string& text) { return candidate(prompt, text); };
  const Group group{GroupId{1},
                    std::make_shared<Prompt>(prompt),
                    {said("3+4=7. 2+2=5. <answer>7</answer>"), said("<answer>7</answer>"),
                     said("LOUD 3+4=7. <answer>7</answer>")}};
  const auto outcomes = score_group(spec.value(), group, no_time);
  EXPECT_NEAR(outcomes[0].total, 0.6 + 0.4 * 0.75, 1e-12);
  EXPECT_EQ(outcomes[0].credit, StepCredit::kSum);
  EXPECT_EQ(outcomes[0].process, 0.75);
  EXPECT_EQ(outcomes[0].steps.size(), 2u);
  double weights = 0;
  for (const Component& component : outcomes[0].components)
    weights += component.weight;
  EXPECT_NEAR(weights, 1, 1e-12);
  EXPECT_NEAR(outcomes[1].total, 0.6, 1e-12);  // no step, nothing earned by steps
  Trajectory cut = said("3+4=7.");
  cut.finish = Finish::kLength;
  const Group unanswered{GroupId{2}, group.prompt, {cut, said("3+4=7.")}};
  for (const Outcome& outcome : score_group(spec.value(), unanswered, no_time)) {
    EXPECT_EQ(outcome.total, 0);
    EXPECT_EQ(outcome.process, 0);
    EXPECT_EQ(outcome.steps.at(0).factor, 0);
  }
  EXPECT_EQ(outcomes[2].total, -0.5);
  EXPECT_EQ(outcomes[2].process, -0.5);
  EXPECT_TRUE(outcomes[2].steps.empty());
}

constexpr const char* kJudged = R"(
gate: [{name: two_answers, when: {answers: 2}}]
layers:
  rubric:
    form: healthbench
    judge: grader
    criteria: [{criterion: says red, points: 4}, {criterion: says cheese, points: -6}]
  process:
    checks: [{kind: loop, factor: 0.1}]
on: {limit_seconds: 5, truncated: invalid}
)";

std::vector<Outcome> judged_by(FunctionJudge::Mind mind, std::vector<Trajectory> trajectories,
                               const Stopwatch& seconds = no_time) {
  const std::vector<std::string> names = {"grader"};
  const auto spec = TaskSpec::read("count", node_of(kJudged), names);
  EXPECT_TRUE(spec.ok()) << spec.error().message;
  std::vector<NamedJudge> panel;
  panel.push_back(named("grader", std::move(mind)));
  const Group group{GroupId{1}, std::make_shared<Prompt>(platelet()), std::move(trajectories)};
  return score_group(spec.value(), group, seconds, JudgePanel(std::move(panel)));
}

TEST(Scorer, ScoresByJudgesWhereThereIsNoRule) {
  const auto outcomes =
      judged_by(by_last_word, {answer("red"), answer("red cheese"), answer("no")});
  EXPECT_DOUBLE_EQ(outcomes[0].total, 1);
  EXPECT_DOUBLE_EQ(outcomes[1].total, -0.5);
  EXPECT_DOUBLE_EQ(outcomes[2].total, 0);
  EXPECT_TRUE(outcomes[0].has_rubric);
  EXPECT_EQ(outcomes[1].components[1].evidence, "grader: looked");
}

TEST(Scorer, LiftsNoNegativeTotalByFaultySteps) {
  Trajectory loops = answer("red cheese", {kHit, kHit});
  EXPECT_DOUBLE_EQ(judged_by(by_last_word, {loops})[0].process, 0.1);
  EXPECT_DOUBLE_EQ(judged_by(by_last_word, {loops})[0].total, -0.5);
}

TEST(Scorer, ShowsJudgesNothingThatAGateStops) {
  int64_t asked = 0;
  const Trajectory gated = candidate(platelet(), "<answer>red</answer><answer>white</answer>");
  const auto outcomes = judged_by(
      [&asked](const JudgeQuestion& question) {
        ++asked;
        return by_last_word(question);
      },
      {gated, answer("red")});
  EXPECT_EQ(asked, 2);
  EXPECT_DOUBLE_EQ(outcomes[0].total, -1.5);
  EXPECT_EQ(outcomes[0].gate, "two_answers");
  EXPECT_DOUBLE_EQ(outcomes[1].total, 1);
}

TEST(Scorer, GivesAGateWithoutAValueWhatTheWorstAnswerGets) {
  const auto totals = [](const std::string& gate, const std::string& rule) {
    const auto spec = TaskSpec::read("count", node_of(R"(
gate: [{name: two_answers, when: {answers: 2})" + gate +
                                                      R"(}]
layers:
)" + rule + R"(
  rubric:
    form: healthbench
    criteria:
      - {criterion: red, points: 4, matcher: {contains: [red], in: text}}
      - {criterion: cheese, points: -6, matcher: {contains: [cheese], in: text}}
)"));
    EXPECT_TRUE(spec.ok()) << spec.error().message;
    const Group group{
        GroupId{1},
        std::make_shared<Prompt>(platelet()),
        {answer("cheese"), candidate(platelet(), "<answer>red</answer><answer>white</answer>")}};
    const auto outcomes = score_group(spec.value(), group, no_time);
    EXPECT_EQ(outcomes[1].gate, "two_answers");
    return std::array{outcomes[0].total, outcomes[1].total, outcomes[1].rule, outcomes[1].rubric};
  };
  EXPECT_EQ(totals("", ""), (std::array{-1.5, -1.5, 0.0, -1.5}));
  const std::string rule = "  rule: {weight: 3, terms: [{kind: contains, words: [zebra]}]}";
  const auto both = totals("", rule);
  EXPECT_DOUBLE_EQ(both[0], -1.5 / 4);
  EXPECT_EQ(both, (std::array{both[0], both[0], 0.0, -1.5}));
  EXPECT_EQ(totals(", value: -1", rule), (std::array{both[0], -1.0, -1.0, -1.0}))
      << "a value that is written counts";
}

TEST(Scorer, ScoresWhatIsCutOffNoBetterThanAWrongAnswer) {
  const auto spec = TaskSpec::read("count", node_of(R"({layers: {
  rule: {weight: 3, terms: [{kind: exact}]},
  rubric: {form: healthbench, criteria: [
    {criterion: red, points: 4, matcher: {contains: [red]}},
    {criterion: cheese, points: -6, matcher: {contains: [cheese]}}]}},
  on: {truncated: zero, turns: zero}})"));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  std::vector<Trajectory> said = {answer("cheese"), candidate(platelet(), "I see"), answer("1")};
  said[1].finish = Finish::kLength;
  said[2].finish = Finish::kTurns;
  const Group group{GroupId{1}, std::make_shared<Prompt>(platelet()), said};
  for (const Outcome& outcome : score_group(spec.value(), group, no_time)) {
    EXPECT_DOUBLE_EQ(outcome.total, -1.5 / 4);
    EXPECT_DOUBLE_EQ(outcome.rubric, -1.5);
    EXPECT_DOUBLE_EQ(outcome.components.back().value, -1.5);
  }
}

TEST(Scorer, GivesNoScoreWhereAJudgeFails) {
  const auto outcomes = judged_by(
      [](const JudgeQuestion& question) {
        if (question.answer == "late")
          return JudgeReply::timeout("no answer within 1 s");
        return question.answer == "odd" ? JudgeReply::failure("prose") : by_last_word(question);
      },
      {answer("late"), answer("odd"), answer("red")});
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(outcomes[0].reason, "judge grader: no answer within 1 s");
  EXPECT_EQ(outcomes[1].kind, Outcome::Kind::kInfraError);
  EXPECT_EQ(outcomes[1].reason, "judge grader: prose");
  EXPECT_DOUBLE_EQ(outcomes[2].total, 1);
}

TEST(Scorer, CountsNoWaitForJudgesAgainstTheRest) {
  double now = 0;
  const auto outcomes = judged_by(
      [&now](const JudgeQuestion& question) {
        now += 4;  // eight seconds for both questions
        return by_last_word(question);
      },
      {answer("red")}, [&now] { return now; });
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kScore) << outcomes[0].reason;
}

}  // namespace
}  // namespace nelumbo
