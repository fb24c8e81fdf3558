// SPDX-License-Identifier: Apache-2.0
#include "evaluation/benchmark.h"

#include <gtest/gtest.h>

#include "tests/evaluation/answered.h"

namespace nelumbo {
namespace {

/// type 0.5, count 1 and locate.
Evaluation three_sets() {
  const Prompt box = prompt_of("locate", 0, {{"boxes", {{100, 100, 260, 260}}}});
  const Prompt none = prompt_of("count", 0, {{"answer", "0"}, {"choices", {"0", "1"}}});
  const std::vector<ScoredGroup> groups = {
      answered(type_prompt(0, "red"), {"red"}), answered(type_prompt(1, "red"), {"white"}),
      answered(none, {"0"}), answered(box, {box_answer({100, 100, 260, 260}, box)})};
  return evaluate(groups, EvaluationMode::kGreedy, {});
}

TEST(Benchmark, CountsEachTaskForOneClass) {
  EXPECT_EQ(benchmark_classes(), (std::vector<std::string>{"visual", "imaging", "diagnosis", "text",
                                                           "report", "instruction"}));
  EXPECT_EQ(benchmark_class("multihop"), "diagnosis");
  EXPECT_EQ(benchmark_class("mmlu_medical"), "text");
  EXPECT_EQ(benchmark_class("report"), "report");
  EXPECT_FALSE(benchmark_class("caption").has_value());
}

TEST(Benchmark, AsksASuiteForItsTasksOnly) {
  EXPECT_TRUE(in_suite("text", "medqa"));
  EXPECT_TRUE(in_suite("medqa", "medqa"));
  EXPECT_TRUE(in_suite("all", "medqa"));
  EXPECT_FALSE(in_suite("visual", "medqa"));
  EXPECT_FALSE(in_suite("all", "caption"));
}

TEST(Benchmark, GroupsSetsIntoClasses) {
  const auto json = benchmark_json(three_sets(), "all", {});
  ASSERT_TRUE(json.ok());
  const nlohmann::json& visual = json.value()["classes"]["visual"];
  // The unweighted mean of type 0.5 and count 1.
  EXPECT_DOUBLE_EQ(visual["score"].get<double>(), 0.75);
  EXPECT_EQ(visual["n"], 3);
  EXPECT_EQ(visual["sets"]["type"]["n"], 2);
  const double imaging = json.value()["classes"]["imaging"]["score"];
  EXPECT_DOUBLE_EQ(json.value()["overall"].get<double>(), (0.75 + imaging) / 2);
  EXPECT_DOUBLE_EQ(json.value()["overall_sets"].get<double>(), (0.5 + 1 + imaging) / 3);
  EXPECT_EQ(json.value()["parser"], kParserVersion);
}

TEST(Benchmark, LeavesOutAClassThatWasNotRun) {
  const auto json = benchmark_json(three_sets(), "all", {});
  EXPECT_EQ(json.value()["classes"].size(), 2u);
  EXPECT_FALSE(json.value()["classes"].contains("text"));
}

TEST(Benchmark, ShowsOnlyWhatWasAskedFor) {
  const auto one = benchmark_json(three_sets(), "count", {});
  EXPECT_FALSE(one.value()["classes"].contains("imaging"));
  EXPECT_EQ(one.value()["classes"]["visual"]["sets"].size(), 1u);
  const auto whole = benchmark_json(three_sets(), "visual", {});
  EXPECT_EQ(whole.value()["classes"]["visual"]["sets"].size(), 2u);
}

TEST(Benchmark, RefusesASuiteThatIsNone) {
  EXPECT_EQ(benchmark_json(three_sets(), "words", {}).error().message,
            "suite 'words': must be all, a class (visual, imaging, diagnosis, text, report, "
            "instruction) or a set (type, count, locate, multihop, pubmedqa, medqa, medmcqa, "
            "mmlu_medical, report, instruction)");
  EXPECT_EQ(benchmark_json(Evaluation{}, "all", {}).error().message,
            "suite 'all': no prompt of it was answered");
}

}  // namespace
}  // namespace nelumbo
