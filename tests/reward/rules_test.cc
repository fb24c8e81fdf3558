// SPDX-License-Identifier: Apache-2.0
#include "reward/rules.h"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

constexpr const char* kLayer = R"(
weight: 0.8
terms:
  - {kind: format}
  - {kind: exact, weight: 3}
  - {kind: length, max: 3, weight: 1}
  - {kind: tool_use, weight: 1}
)";

LayerVerdict judge(const Trajectory& said) {
  const auto layer = RuleLayer::read(node_of(kLayer));
  EXPECT_TRUE(layer.ok());
  const Prompt prompt = prompt_with({{"answer", "red"}});
  const RuleFindings found = layer.value().find({prompt, said}).value();
  return layer.value().judge({prompt, said, found.right}, found).value();
}

TEST(RuleLayerTest, IsTheWeightedMeanOfItsTerms) {
  const Prompt prompt = prompt_with({{"answer", "red"}});
  // exact 3/5, length 1/5, tool_use 1/5.
  EXPECT_DOUBLE_EQ(judge(answer_candidate(prompt, "red")).value, 0.8);
  EXPECT_DOUBLE_EQ(judge(answer_candidate(prompt, "blue")).value, 0);
  EXPECT_DOUBLE_EQ(judge(answer_candidate(prompt, "tan")).value, 0.2);
  Trajectory with_tool = answer_candidate(prompt, "red");
  add_call(with_tool, "zoom", {0, 0, 9, 9});
  EXPECT_DOUBLE_EQ(judge(with_tool).value, 1);
}

TEST(RuleLayerTest, RecordsWeightsThatSumToOne) {
  const Prompt prompt = prompt_with({{"answer", "red"}});
  const LayerVerdict verdict = judge(answer_candidate(prompt, "red"));
  ASSERT_EQ(verdict.components.size(), 4u);
  EXPECT_EQ(verdict.components[0].name, "format");
  EXPECT_EQ(verdict.components[0].weight, 0);
  double sum = 0;
  for (const Component& component : verdict.components)
    sum += component.weight;
  EXPECT_DOUBLE_EQ(sum, 1);
  EXPECT_EQ(verdict.components[1].evidence, "'red' is 'red'");
}

TEST(RuleLayerTest, RecordsTheTimeOfWhatItJudges) {
  const Prompt prompt = prompt_with({{"answer", "red"}});
  for (const Component& component : judge(answer_candidate(prompt, "red")).components)
    EXPECT_GT(component.nanoseconds, 0) << component.name;
  const LayerVerdict failed = judge(candidate(prompt, "red"));
  EXPECT_GT(failed.components[0].nanoseconds, 0);
  EXPECT_EQ(failed.components[1].nanoseconds, 0) << "not judged";
}

TEST(RuleLayerTest, IsZeroWhenAPreconditionFails) {
  const Prompt prompt = prompt_with({{"answer", "red"}});
  const LayerVerdict verdict = judge(candidate(prompt, "red"));
  EXPECT_EQ(verdict.value, 0);
  EXPECT_EQ(verdict.components[0].evidence, "no answer in the tags");
  EXPECT_EQ(verdict.components[1].evidence, "not judged: format failed");
  EXPECT_DOUBLE_EQ(verdict.components[1].weight, 0.6);
}

TEST(RuleLayerTest, LeavesBonusesOutOfWhatIsRight) {
  const auto layer = RuleLayer::read(node_of(kLayer));
  const Prompt prompt = prompt_with({{"answer", "red"}});
  const Trajectory said = answer_candidate(prompt, "red");
  const RuleFindings found = layer.value().find({prompt, said}).value();
  EXPECT_DOUBLE_EQ(found.right, 1);
  EXPECT_FALSE(found.of_terms.back().is_judged) << "a bonus";
  const Trajectory wrong = candidate(prompt, "red");
  EXPECT_DOUBLE_EQ(layer.value().find({prompt, wrong}).value().right, 0);
}

TEST(RuleLayerTest, NeverFallsUnderZero) {
  const Prompt prompt = prompt_with({{"answer", "red"}});
  Trajectory said = answer_candidate(prompt, "blue");
  for (int i = 0; i < 12; ++i)
    add_call(said, "zoom", {0, 0, 9, 9});
  EXPECT_EQ(judge(said).value, 0);
}

TEST(RuleLayerTest, RefusesWhatCannotDecide) {
  const auto error = [](const std::string& yaml) {
    const auto layer = RuleLayer::read(node_of(yaml));
    return layer ? "" : layer.error().message;
  };
  EXPECT_EQ(error("terms: [{kind: format}]"),
            "s.yaml:1:8: terms: needs a verifier beside preconditions and bonuses");
  EXPECT_EQ(error("terms: [{kind: exact}, {kind: exact}]"),
            "s.yaml:1:24: terms[1]: a second term named 'exact'; give it a name");
  EXPECT_EQ(error("terms: [{kind: format, weight: 1}]"),
            "s.yaml:1:32: terms[0].weight: a precondition has no weight; set precondition: false "
            "or leave the weight out");
  EXPECT_EQ(error("weight: 1"), "s.yaml:1:1: 'terms' is missing");
}

/// The lines of a file of tests/data/rewards.
std::vector<nlohmann::json> lines_of(const std::string& name) {
  std::ifstream file(std::string(NELUMBO_SOURCE_DIR) + "/tests/data/rewards/" + name);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);)
    lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST(RuleTerms, DecideEachLabelledCaseAsItsLabelSays) {
  const auto cases = lines_of("cases.jsonl");
  ASSERT_GE(cases.size(), 300u);
  for (const nlohmann::json& one : cases) {
    const Prompt prompt = prompt_with(one["truth"]);
    const Verdict verdict =
        judged(one["term"], prompt, answer_candidate(prompt, one["answer"].get<std::string>()));
    EXPECT_EQ(verdict.value, one["value"].get<double>()) << one << "\n" << verdict.evidence;
  }
}

std::string slurp(const std::string& path) {
  std::ifstream file(std::string(NELUMBO_SOURCE_DIR) + "/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The examples in docs/rewards.md: the fenced list of terms, answers and values.
std::vector<nlohmann::json> documented_examples() {
  const std::string page = slurp("docs/rewards.md");
  const size_t first = page.find("- {term: ");
  const auto list =
      SpecNode::parse(page.substr(first, page.find("```", first) - first), "docs/rewards.md");
  return list ? list.value().json().value().get<std::vector<nlohmann::json>>()
              : std::vector<nlohmann::json>();
}

TEST(RuleTerms, AreAsTheirExamplesInTheDocumentationSay) {
  std::set<std::string> shown = {"iou",    "boxes_f1", "tool_use",    "chain",
                                 "claims", "external", "reward_model"};  // in the table
  for (const nlohmann::json& one : documented_examples()) {
    const Prompt prompt = prompt_with(one["truth"]);
    const auto& answer = one["answer"];
    const Verdict verdict = judged(
        one["term"].dump(), prompt,
        answer_candidate(prompt, answer.is_string() ? answer.get<std::string>() : answer.dump()));
    EXPECT_DOUBLE_EQ(verdict.value, one["value"].get<double>()) << one << verdict.evidence;
    shown.insert(one["term"]["kind"]);
  }
  for (const std::string& kind : rule_term_kinds())
    EXPECT_TRUE(shown.contains(kind)) << kind << " has no example in docs/rewards.md";
}

TEST(RuleTerms, HaveARowInTheDocumentationWhoseKeysExist) {
  const std::string page = slurp("docs/rewards.md");
  for (const std::string& kind : rule_term_kinds()) {
    const size_t row = page.find("\n| `" + kind + "` | ");
    ASSERT_NE(row, std::string::npos) << kind;
    const size_t from = row + kind.size() + 8, end = page.find(" | ", from);
    std::string keys = page.substr(from, end - from);
    const std::regex key("`([a-z_]+)(: [^`]*)?`");
    for (std::sregex_iterator one(keys.begin(), keys.end(), key), last; one != last; ++one) {
      const std::string name = (*one)[1];
      if (kind == "chain" || kind == "claims")  // whose keys are another page's
        continue;
      TermHeader header;
      const auto term = read_rule_term(node_of("{kind: " + kind + ", " + name + ": {}}"), header);
      if (term.ok())
        continue;  // as {} is a schema
      EXPECT_EQ(term.error().message.find("unknown key"), std::string::npos)
          << term.error().message;
    }
  }
}

}  // namespace
}  // namespace nelumbo
