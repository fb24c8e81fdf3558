// SPDX-License-Identifier: Apache-2.0
#include "reward/lab.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "corpus/instructions.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

Prompt about(const std::string& task, int number, nlohmann::json truth) {
  Prompt prompt = prompt_with(std::move(truth));
  prompt.id = task + "/" + std::to_string(number);
  prompt.task = prompt.reward = task;
  prompt.text = "Which " + task + " is it?";
  return prompt;
}

/// A few prompts of each task of the shipped spec.
std::vector<Prompt> smears() {
  const nlohmann::json choices = {"red", "white", "platelet"};
  const nlohmann::json counts = {"0", "1", "2", "3"};
  return {
      about("locate", 0, {{"boxes", {{40, 60, 200, 210}}}, {"label", "white"}}),
      about("locate", 1,
            {{"boxes", {{300, 250, 420, 400}, {20, 20, 100, 90}}}, {"label", "white"}}),
      about("type", 0, {{"answer", "white"}, {"choices", choices}}),
      about("type", 1, {{"answer", "platelet"}, {"choices", choices}}),
      about("count", 0,
            {{"answer", "2"},
             {"choices", counts},
             {"boxes", {{100, 100, 140, 140}, {200, 180, 240, 220}}},
             {"region", {80, 80, 280, 280}}}),
      about("count", 1,
            {{"answer", "0"},
             {"choices", counts},
             {"boxes", nlohmann::json::array()},
             {"region", {80, 80, 280, 280}}}),
  };
}

TEST(LabTest, GoldSeparatesFromEveryProbeUnderTheShippedSpec) {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/smear.yaml");
  ASSERT_TRUE(spec.ok());
  const LabReport report = try_spec(*spec.value(), smears());
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_EQ(report.prompts, 7) << "and the one report of the specification's own tests";
  EXPECT_EQ(report.without_gold, 0);
  for (const ProbeCount& count : report.probes) {
    EXPECT_EQ(count.beaten, count.made) << count.spec << " " << to_text(count.probe);
    const bool is_alone = count.spec == "report" && count.probe == Probe::kShuffled;
    EXPECT_EQ(count.made > 0, count.probe != Probe::kLucky && !is_alone) << to_text(count.probe);
  }
  EXPECT_EQ(report.probes.size(), 4 * all_probes().size()) << "a row for each, made or not";
  EXPECT_NE(render(report).find("  count        lucky            does not apply: its data state no "
                                "path"),
            std::string::npos)
      << render(report);
  for (const LabRow& row : report.rows) {
    if (row.layer != "total")
      continue;
    EXPECT_GT(row.separation, 0.4) << row.spec;
  }
}

TEST(LabTest, TriesSpecsWithoutPromptsOnThoseOfTheirTests) {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/medical.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const LabReport report = try_spec(*spec.value(), smears());
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_EQ(report.prompts, 6 + 21);  // one made-up prompt for each truth in the tests of others
  EXPECT_EQ(report.without_gold, 0);
  bool had_luck = false;
  for (const ProbeCount& count : report.probes) {
    EXPECT_EQ(count.beaten, count.made) << count.spec << " " << to_text(count.probe);
    had_luck = had_luck || (count.spec == "multihop" && count.probe == Probe::kLucky);
    EXPECT_TRUE(count.made > 0 || count.probe == Probe::kLucky || count.probe == Probe::kShuffled)
        << count.spec << " " << to_text(count.probe);
  }
  EXPECT_TRUE(had_luck);
}

TEST(LabTest, GoldSeparatesFromEveryProbeOnQuestionsInWords) {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/medical.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  std::vector<Prompt> prompts;
  for (const TextQuestion& question : instructions(Part::kDevelopment, 100, 7)) {
    Prompt prompt;
    prompt.id = question.id;
    prompt.task = prompt.reward = question.task;
    prompt.text = question.text;
    prompt.truth = question.truth;
    prompts.push_back(std::move(prompt));
  }
  const LabReport report = try_spec(*spec.value(), prompts);
  EXPECT_TRUE(report.ok()) << render(report);
  EXPECT_EQ(report.without_gold, 0);
  for (const ProbeCount& count : report.probes)
    EXPECT_EQ(count.beaten, count.made) << count.spec << " " << to_text(count.probe);
}

TEST(LabTest, FindsASpecThatPaysForTalk) {
  const auto spec = RewardSpec::parse(R"(
specs:
  type:
    layers:
      rule:
        terms:
          - {kind: exact, weight: 0.1}
          - {kind: contains, words: [red, white, platelet], weight: 1}
)",
                                      "s.yaml");
  ASSERT_TRUE(spec.ok());
  const auto prompts = smears();
  const LabReport report = try_spec(*spec.value(), std::span(prompts).subspan(2, 2));
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.problems[0], "type, type/0: stuffed scores 0.909, the right answer 0.394");
  const std::vector<Prompt> many(50, prompts[2]);
  const LabReport all = try_spec(*spec.value(), many);
  EXPECT_EQ(all.problems.size(), 20U);
  EXPECT_GE(all.more_problems + 20, 50);
  EXPECT_NE(render(all).find("problems more"), std::string::npos);
}

TEST(LabTest, TakesTheBestAnswerOfTheTestsWhereTheTruthStatesNone) {
  const auto spec = RewardSpec::parse(R"(
specs: {talk: {layers: {rubric: {criteria: [{criterion: names red, matcher: {contains: [red]}}]}}}}
tests:
  - {spec: talk, answer: blue, expect: {total: 0}}
  - {spec: talk, answer: a red one, expect: {total: 1}}
)",
                                      "s.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const LabReport report = try_spec(*spec.value(), {});
  EXPECT_EQ(report.without_gold, 0);
  ASSERT_FALSE(report.rows.empty());
  EXPECT_EQ(report.rows[0].gold, 1);
  EXPECT_TRUE(std::ranges::any_of(
      report.probes, [](const ProbeCount& count) { return count.probe == Probe::kEmpty; }));
}

TEST(LabTest, ReportsFixturesThatFail) {
  const auto spec = RewardSpec::parse(R"(
specs: {type: {layers: {rule: {terms: [{kind: exact}]}}}}
tests: [{spec: type, truth: {answer: red}, answer: red, expect: {total: 0}}]
)",
                                      "s.yaml");
  const LabReport report = try_spec(*spec.value(), {});
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0], "s.yaml:3:9: tests[0]: total is 1, expected = 0");
}

TEST(LabTest, ReportsAGoldAnswerThatIsNoScore) {
  const auto spec = RewardSpec::parse(
      "specs: {type: {layers: {rule: {terms: [{kind: exact, truth: label}]}}}}", "s.yaml");
  const auto prompts = smears();
  const LabReport report = try_spec(*spec.value(), std::span(prompts).subspan(2, 1));
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0],
            "type, type/0: the right answer is no score but infra_error: exact: truth has no "
            "field 'label' (s.yaml:1:40: specs.type.layers.rule.terms[0])");
}

TEST(LabTest, WarnsOfWhatTellsNothingApart) {
  const auto spec = RewardSpec::parse(
      "specs: {type: {layers: {rule: {terms: [{kind: exact}, {kind: length, max: 100000}, "
      "{kind: absent, name: always, words: [zebra], in: text}]}}}}",
      "s.yaml");
  const auto prompts = smears();
  const LabReport report = try_spec(*spec.value(), std::span(prompts).subspan(2, 1));
  EXPECT_TRUE(report.ok()) << report.problems.front();
  EXPECT_TRUE(report.warnings.empty()) << "an empty answer gets nothing by either";
  const auto flat = RewardSpec::parse(
      "specs: {type: {layers: {rule: {terms: [{kind: exact}, {kind: contains, words: [zebra]}]}}}}",
      "s.yaml");
  const LabReport told = try_spec(*flat.value(), std::span(prompts).subspan(2, 1));
  EXPECT_EQ(told.warnings,
            std::vector<std::string>{"type: rule/contains is 0.00 for the right answers and for "
                                     "all bad ones: it tells nothing apart here"});
  EXPECT_NE(render(told).find("WARNING type: rule/contains"), std::string::npos);
}

TEST(LabTest, WarnsOfBadAnswersThatTieWithTheRightOne) {
  const auto spec = RewardSpec::parse(
      "specs: {type: {layers: {rule: {terms: [{kind: contains, words: [white], in: text}]}}}}",
      "s.yaml");
  const auto prompts = smears();
  const LabReport report = try_spec(*spec.value(), std::span(prompts).subspan(2, 1));
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.tied, 2) << render(report);
  EXPECT_EQ(report.warnings,
            (std::vector<std::string>{"type: 1 of 1 bad answers of the kind wrong_steps get the "
                                      "total of the right one, first to type/0",
                                      "type: 1 of 1 bad answers of the kind stuffed get the total "
                                      "of the right one, first to type/0"}));
  const std::string text = render(report);
  EXPECT_NE(text.find("nothing beats the right answer, but 2 bad answers tie with it\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("ok: "), std::string::npos);
}

TEST(LabTest, FindsASpecThatCannotTellRightFromWrong) {
  const auto problems = [](const std::string& terms) {
    const auto spec =
        RewardSpec::parse("specs: {type: {layers: {rule: {terms: [" + terms + "]}}}}", "s.yaml");
    const auto prompts = smears();
    return try_spec(*spec.value(), std::span(prompts).subspan(2, 2)).problems;
  };
  EXPECT_EQ(problems("{kind: length, min: 1, max: 100000}"),
            std::vector<std::string>{"type: no wrong answer scores below the right one: the spec "
                                     "does not tell them apart"});
  EXPECT_TRUE(problems("{kind: exact}").empty());
}

TEST(LabTest, PrintsARowForEachComponent) {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/smear.yaml");
  const std::string text = render(try_spec(*spec.value(), smears()));
  for (const char* part :
       {"locate", "rule/iou", "rubric/names one of the choices", "process/wrong_order",
        "shaping/overlong", "prompt_copy", "ok: nothing beats the right answer"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

}  // namespace
}  // namespace nelumbo
