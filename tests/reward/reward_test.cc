// SPDX-License-Identifier: Apache-2.0
#include "reward/reward.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/hash.h"
#include "reward/candidate.h"
#include "reward/fixtures.h"
#include "reward/judge_trial.h"
#include "reward/scorer.h"
#include "tests/support/judge_stub.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr const char* kSmall = R"(specs:
  type:
    layers:
      rule:
        terms:
          - {kind: format, answer: choice}
          - {kind: choice, truth: answer}
)";

std::string error_of(const std::string& yaml) {
  const auto spec = RewardSpec::parse(yaml, "s.yaml");
  return spec ? "" : spec.error().message;
}

Prompt prompt_of(const std::string& task, nlohmann::json truth) {
  Prompt prompt;
  prompt.id = task + "/0";
  prompt.task = prompt.reward = task;
  prompt.view = {0, 0, 640, 480};
  prompt.truth = std::move(truth);
  return prompt;
}

TEST(RewardSpecDocument, ShippedSmearSpecPassesItsOwnTests) {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/smear.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_GE(spec.value()->fixtures().size(), 12u);
  const auto done = run_fixtures(*spec.value());
  EXPECT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(spec.value()->names(), (std::vector<std::string>{"locate", "type", "count", "report"}));
}

TEST(RewardSpecDocument, ShippedMedicalSpecPassesItsOwnTestsAndThoseOfWhatItIncludes) {
  const std::string folder = std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/";
  const auto smear = RewardSpec::read(folder + "smear.yaml");
  const auto spec = RewardSpec::read(folder + "medical.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(
      spec.value()->names(),
      (std::vector<std::string>{"locate", "type", "count", "report", "medqa", "medmcqa",
                                "mmlu_medical", "pubmedqa", "gsm8k", "multihop", "instruction"}));
  EXPECT_GT(spec.value()->fixtures().size(), smear.value()->fixtures().size());
  EXPECT_NE(spec.value()->hash(), smear.value()->hash());
  const auto done = run_fixtures(*spec.value());
  EXPECT_TRUE(done.ok()) << done.error().message;
}

TEST(RewardSpecDocument, NamesBothPlacesOfASpecThatIsDefinedTwice) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "small.yaml", kSmall).ok());
  const auto spec =
      RewardSpec::parse("include: [small.yaml]\n" + std::string(kSmall), folder / "s.yaml");
  ASSERT_FALSE(spec.ok());
  EXPECT_EQ(spec.error().message, (folder / "s.yaml") + ":4:5: specs.type: given already at " +
                                      (folder / "small.yaml") + ":3:5: specs.type");
}

TEST(RewardSpecDocument, NamesTheFileOfAnErrorInWhatItIncludes) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "small.yaml", "specs: {a: {layer: {}}}\n").ok());
  const auto spec = RewardSpec::parse("include: [small.yaml]\n", folder / "s.yaml");
  ASSERT_FALSE(spec.ok());
  EXPECT_EQ(spec.error().message,
            (folder / "small.yaml") + ":1:13: specs.a.layer: unknown key (did you mean 'layers'?)");
}

TEST(RewardSpecDocument, NamesTheFieldThatTheDataLacks) {
  const auto spec = RewardSpec::parse(kSmall, "s.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const auto done =
      spec.value()->check_prompt(prompt_of("type", {{"anwser", "red"}, {"choices", {"red"}}}));
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::kInvalidConfig);
  EXPECT_EQ(done.error().message,
            "s.yaml:7:35: specs.type.layers.rule.terms[1].truth: the data of task 'type' has no "
            "field 'answer'; it has anwser, choices (did you mean 'anwser'?)");
}

TEST(RewardSpecDocument, NamesAFieldOfAnotherShape) {
  const auto spec = RewardSpec::parse(kSmall, "s.yaml");
  const auto done =
      spec.value()->check_prompt(prompt_of("type", {{"answer", 3}, {"choices", {"red"}}}));
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message,
            "s.yaml:7:35: specs.type.layers.rule.terms[1].truth: in the data of task 'type' truth "
            "field 'answer' is not text");
}

TEST(RewardSpecDocument, NamesTheSpecThatTheFileLacks) {
  const auto spec = RewardSpec::parse(kSmall, "s.yaml");
  Prompt prompt = prompt_of("type", {});
  prompt.reward = "tpye";
  EXPECT_EQ(spec.value()->check_prompt(prompt).error().message,
            "s.yaml: specs: the data of task 'type' asks for spec 'tpye'; the file has type (did "
            "you mean 'type'?)");
  const Group group{GroupId{1}, std::make_shared<Prompt>(prompt), std::vector<Trajectory>(2)};
  const auto outcomes = spec.value()->score(group);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kInfraError);
}

TEST(RewardSpecDocument, RejectsWhatIsWrittenWrong) {
  EXPECT_EQ(error_of("spec: {}\n"), "s.yaml:1:1: spec: unknown key (did you mean 'specs'?)");
  EXPECT_EQ(error_of("specs: {}\n"), "s.yaml:1:8: specs: must not be empty");
  EXPECT_EQ(error_of("specs: [1\n").substr(0, 18), "s.yaml:2:1: not YA");
  EXPECT_EQ(error_of("specs: {a: {layers: {rubric: {}}}}\n").substr(0, 11), "s.yaml:1:30");
  EXPECT_EQ(error_of("specs: {a: {layer: {}}}\n"),
            "s.yaml:1:13: specs.a.layer: unknown key (did you mean 'layers'?)");
  EXPECT_EQ(error_of("specs: {a: {layers: {}, layers: {}}}\n"),
            "s.yaml:1:25: specs.a.layers: given twice");
  EXPECT_EQ(error_of("specs: {a: {layers: {process: {checks: []}}}}\n"),
            "s.yaml:1:21: specs.a.layers: needs a rule layer, or a rubric: without one nothing "
            "says what is "
            "right");
}

TEST(RewardSpecDocument, RejectsTermsThatAreWrittenWrong) {
  const auto term = [](const std::string& text) {
    return error_of("specs:\n  a:\n    layers:\n      rule:\n        terms:\n        - " + text +
                    "\n");
  };
  const std::string at = "s.yaml:6:";
  const std::string path = ": specs.a.layers.rule.terms[0]";
  EXPECT_EQ(term("{kind: iuo}"),
            at + "18" + path +
                ".kind: must be one of format, exact, choice, number, math_equal, count, set_f1, "
                "list_order, regex, json_schema, iou, boxes_f1, contains, absent, language, "
                "repetition, length, tool_use, chain, claims, constraints, external, reward_model "
                "(did you mean 'iou'?)");
  EXPECT_EQ(term("{kind: iou, treshold: 0.5}"),
            at + "23" + path + ".treshold: unknown key (did you mean 'threshold'?)");
  EXPECT_EQ(term("{kind: iou, threshold: 1.5}"),
            at + "34" + path + ".threshold: must be between 0.01 and 1");
  EXPECT_EQ(term("{kind: iou, threshold: much}"),
            at + "34" + path + ".threshold: must be a number, not 'much'");
  EXPECT_EQ(term("{kind: iou, weight: 0}"),
            at + "31" + path + ".weight: must be between 0.000001 and 1000000");
  EXPECT_EQ(term("{kind: iou, kind: iou}"), at + "23" + path + ".kind: given twice");
  EXPECT_EQ(term("{truth: boxes}"), at + "11" + path + ": 'kind' is missing");
  EXPECT_EQ(term("iou"), at + "11" + path + ": must be a mapping");
}

TEST(RewardSpecDocument, HashesItsText) {
  const auto a = RewardSpec::parse(kSmall, "s.yaml");
  const auto b = RewardSpec::parse(std::string(kSmall) + "\n", "s.yaml");
  EXPECT_EQ(a.value()->hash().size(), 32u);
  EXPECT_NE(a.value()->hash(), b.value()->hash());
}

TEST(RewardSpecDocument, RoutesEachPromptToItsSpec) {
  const auto spec = RewardSpec::parse(kSmall, "s.yaml");
  const auto prompt = std::make_shared<Prompt>(
      prompt_of("type", {{"answer", "white"}, {"choices", {"red", "white"}}}));
  const Group group{
      GroupId{1}, prompt, {answer_candidate(*prompt, "white"), answer_candidate(*prompt, "red")}};
  const auto outcomes = spec.value()->score(group);
  EXPECT_DOUBLE_EQ(outcomes[0].total, 1);
  EXPECT_DOUBLE_EQ(outcomes[1].total, 0);
}

std::vector<nlohmann::json> lines_of(const std::string& path) {
  std::ifstream file(std::string(NELUMBO_SOURCE_DIR) + "/" + path);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);)
    lines.push_back(nlohmann::json::parse(line));
  return lines;
}

std::shared_ptr<const RewardSpec> shipped() {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/medical.yaml");
  EXPECT_TRUE(spec.ok());
  return spec.value();
}

Outcome scored(const RewardSpec& spec, const std::string& task, const nlohmann::json& truth,
               const std::string& text, const std::string& question = "") {
  auto prompt = std::make_shared<Prompt>();
  prompt->task = prompt->reward = task;
  prompt->text = question;
  prompt->view = {0, 0, 480, 480};
  prompt->truth = truth;
  Group group;
  group.trajectories.push_back(candidate(*prompt, text));
  group.prompt = std::move(prompt);
  return spec.score(group).front();
}

TEST(ShippedSpecs, AcceptNoAnswerThatIsMadeToCheat) {
  const auto spec = shipped();
  const auto cheats = lines_of("tests/data/rewards/adversarial.jsonl");
  ASSERT_GE(cheats.size(), 150u);
  int64_t accepted = 0;
  for (const nlohmann::json& cheat : cheats) {
    const Outcome outcome =
        scored(*spec, cheat["spec"], cheat["truth"], cheat["text"], cheat["question"]);
    EXPECT_EQ(outcome.kind, Outcome::Kind::kScore) << cheat << outcome.reason;
    if (outcome.rule < 0.5)
      continue;
    ++accepted;
    ADD_FAILURE() << cheat << " has " << outcome.rule;
  }
  RecordProperty("accepted", static_cast<int>(accepted));
}

TEST(ShippedSpecs, ScoreALongTextAndNoneThatIsTooLong) {
  const auto spec = shipped();
  const std::string answer = "<answer>72</answer>";
  std::string text;
  while (text.size() + answer.size() < kMostTextBytes)
    text += std::string(" No wait, ").substr(0, kMostTextBytes - answer.size() - text.size());
  text += answer;
  const Outcome outcome = scored(*spec, "gsm8k", {{"answer", "72"}}, text);
  EXPECT_EQ(outcome.total, 1) << outcome.reason;
  const Outcome none = scored(*spec, "gsm8k", {{"answer", "72"}}, text + ".");
  EXPECT_EQ(none.kind, Outcome::Kind::kInvalid);
  EXPECT_EQ(none.reason,
            "the text of the answer has 1048577 bytes; no more than 1048576 are scored");
}

/// The shipped specification of HealthBench, with its judge at another place.
std::string healthbench_at(const std::string& url) {
  std::string yaml =
      read_file(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/healthbench.yaml", 1 << 20)
          .value();
  const std::string shipped_url = "http://127.0.0.1:8000/v1";
  return yaml.replace(yaml.find(shipped_url), shipped_url.size(), url);
}

/// A judge's opinion that depends on criterion and answer alone.
bool opinion(const std::string& criterion, const std::string& answer) {
  return xxh3_64(bytes_of(criterion + "|" + answer)) % 2 == 0;
}

TEST(ShippedSpecs, ScoreAllTalksOfHealthBench) {
  JudgeStub stub(
      [](const StubAsk& ask) { return verdict(ask, opinion(ask.criterion, ask.answer)); });
  const auto spec = RewardSpec::parse(healthbench_at(stub.url()), "healthbench.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  int64_t talks = 0, negative = 0, below_one = 0;
  for (const nlohmann::json& row : lines_of("data/healthbench/calibration.jsonl")) {
    const std::string answer = "Drink water and rest, talk " + row["id"].get<std::string>();
    Prompt prompt = prompt_of("healthbench", row);
    ASSERT_TRUE(spec.value()->check_prompt(prompt).ok()) << row["id"];
    double met = 0, positive = 0;
    for (const nlohmann::json& one : row["rubric"]) {
      const double points = one["points"];
      met += opinion(one["criterion"], answer) ? points : 0;
      positive += std::max(points, 0.0);
    }
    const Outcome outcome =
        scored(*spec.value(), "healthbench", row, "<answer>" + answer + "</answer>");
    ASSERT_EQ(outcome.kind, Outcome::Kind::kScore) << row["id"] << outcome.reason;
    EXPECT_NEAR(outcome.total, met / positive, 1e-9) << row["id"];
    EXPECT_EQ(outcome.components.size(), row["rubric"].size());
    double faults = 0;
    for (const nlohmann::json& one : row["rubric"])
      faults += std::min(one["points"].get<double>(), 0.0);
    const Outcome gated = scored(*spec.value(), "healthbench", row,
                                 "<answer>" + answer + "</answer><answer>No.</answer>");
    EXPECT_EQ(gated.gate, "several_answers");
    EXPECT_NEAR(gated.total, faults / positive, 1e-9) << "no better than the worst answer";
    below_one += gated.total < -1 ? 1 : 0;
    negative += outcome.total < 0 ? 1 : 0;
    ++talks;
  }
  EXPECT_EQ(talks, 180);
  EXPECT_GT(negative, 0) << "points of faults are not clipped away";
  EXPECT_EQ(below_one, 12) << "as the rows have it";
}

TEST(ShippedSpecs, TestTheRubricOfHealthBenchWithoutAJudge) {
  const auto spec = RewardSpec::parse(healthbench_at("http://127.0.0.1:1/v1"), "healthbench.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const auto passed = run_fixtures(*spec.value());
  EXPECT_TRUE(passed.ok()) << passed.error().message;
  EXPECT_GE(spec.value()->fixtures().size(), 8u);
  EXPECT_TRUE(spec.value()->asks_judges());
  EXPECT_EQ(spec.value()->limit_seconds(), 120);
}

TEST(ShippedSpecs, AcceptNoInjectionThoughTheJudgeSaysYesToAll) {
  JudgeStub stub([](const StubAsk& ask) { return verdict(ask, true); });
  const auto spec = RewardSpec::parse(healthbench_at(stub.url()), "healthbench.yaml");
  ASSERT_TRUE(spec.ok());
  const nlohmann::json row = lines_of("data/healthbench/calibration.jsonl").front();
  const auto injections = lines_of("tests/data/rewards/injections.jsonl");
  ASSERT_GE(injections.size(), 100u);
  size_t accepted = 0;
  for (const nlohmann::json& one : injections)
    accepted += scored(*spec.value(), "healthbench", row,
                       "<answer>" + one["answer"].get<std::string>() + "</answer>")
                            .total > 0
                    ? 1
                    : 0;
  EXPECT_LE(100 * accepted, injections.size()) << "at most 1 %";
  RecordProperty("accepted", static_cast<int>(accepted));
  // And such a judge is refused before it judges anything.
  EXPECT_FALSE(admit_judges(spec.value()->examine_judges()).ok());
}

TEST(RewardSpecDocument, HasTestsSayWhatJudgesSay) {
  const auto error = [](const std::string& test) {
    const auto spec = RewardSpec::parse(
        "judges: {g: {url: 'http://127.0.0.1:1', model: m}}\n"
        "specs: {a: {layers: {rubric: {judge: g, criteria: [{criterion: is kind}]}}}}\n"
        "tests: [{spec: a, answer: x, " +
            test + "expect: {total: 1}}]",
        "s.yaml");
    return spec ? "" : spec.error().message;
  };
  EXPECT_EQ(error("met: [is kind], "), "");
  EXPECT_EQ(error(""),
            "s.yaml:3:9: tests[0]: must have 'met', the criteria that its judges call met, and no "
            "'grade'");
  EXPECT_EQ(
      error("met: [is knd], "),
      "s.yaml:3:9: tests[0]: met: no judge is asked about 'is knd' (did you mean 'is kind'?)");
  EXPECT_EQ(error("met: [is kind], grade: 3, "),
            "s.yaml:3:9: tests[0]: must have 'met', the criteria that its judges call met, and no "
            "'grade'");
}

TEST(RewardSpecDocument, HashesTheJudgeAndNotItsKey) {
  const auto hash = [](const std::string& more) {
    return RewardSpec::parse("judges: {g: {url: 'http://127.0.0.1:1', model: m" + more +
                                 "}}\nspecs: {a: {layers: {rubric: {judge: g, criteria: "
                                 "[{criterion: is kind}]}}}}",
                             "s.yaml")
        .value()
        ->hash();
  };
  EXPECT_NE(hash(""), hash(", retries: 1"));
  ::setenv("NELUMBO_TEST_KEY", "one", 1);
  const std::string with_key = hash(", key: '${env:NELUMBO_TEST_KEY}'");
  ::setenv("NELUMBO_TEST_KEY", "two", 1);
  EXPECT_EQ(hash(", key: '${env:NELUMBO_TEST_KEY}'"), with_key);
  ::unsetenv("NELUMBO_TEST_KEY");
}

TEST(ShippedSpecs, KnowTheAnswersOfGsm8k) {
  const auto spec = shipped();
  const std::string mark = "#### ";
  int64_t rows = 0, with_money = 0;
  for (const nlohmann::json& row : lines_of("data/gsm8k/train.jsonl")) {
    const auto solution = row["answer"].get<std::string>();
    const std::string gold = solution.substr(solution.rfind(mark) + mark.size());
    const auto question = row["question"].get<std::string>();
    const auto total = [&](const std::string& answer) {
      return scored(*spec, "gsm8k", {{"answer", gold}}, "<answer>" + answer + "</answer>", question)
          .total;
    };
    EXPECT_EQ(total(gold), 1) << row;
    EXPECT_EQ(total(gold + " lumens"), 0) << row;
    const auto says = [&](const char* words) { return question.find(words) != std::string::npos; };
    const bool asks_otherwise = says("ow many") || says("cents") || says("percentage") ||
                                says("ow long") || says("ow much time") || says("ow much weight") ||
                                says("ow much water") || says("ow much fuel");
    if (says("$") && says("ow much") && !asks_otherwise) {
      EXPECT_EQ(total(gold + " dollars"), 1) << row;
      EXPECT_EQ(total("$" + gold), 1) << row;
      ++with_money;
    }
    EXPECT_EQ(total(gold + "1"), 0) << row;
    EXPECT_EQ(total(gold + "</answer> No wait, " + gold + "1"), 0) << row;
    EXPECT_EQ(total(gold + " or " + gold + "1"), 0) << row;
    ++rows;
  }
  EXPECT_EQ(rows, 7473);
  EXPECT_GT(with_money, 1200);
}

}  // namespace
}  // namespace nelumbo
