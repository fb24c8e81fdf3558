// SPDX-License-Identifier: Apache-2.0
#include "apps/report_tables.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ReportTables, ShowAScoreWithItsInterval) {
  const std::string html = evaluation_html(json::parse(
      R"({"policies":[{"name":"after","sets":[{"name":"locate","mode":"greedy","n":87,
          "score":0.5,"low":0.4,"high":0.6,"reward":0.7}]}]})"));
  EXPECT_TRUE(has(html, "0.5 <span class=\"soft\">[0.4, 0.6] reward 0.7</span>"));
  EXPECT_TRUE(has(html, ">87<"));
}

TEST(ReportTables, LeaveASetThatWasNotRunBlank) {
  const std::string html = evaluation_html(json::parse(
      R"({"policies":[{"name":"before","sets":[]},
                      {"name":"after","sets":[{"name":"locate","mode":"greedy","n":3,
                       "score":1,"low":1,"high":1}]}]})"));
  EXPECT_TRUE(has(html, "<td class=\"n\"></td><td class=\"n\">1 "));
}

TEST(ReportTables, CallADifferenceUpOnlyIfItsIntervalIsAboveZero) {
  const auto table = [](double low) {
    return evaluation_html(
        {{"policies", json::array()},
         {"paired", {{{"name", "x"}, {"difference", 0.1}, {"low", low}, {"high", 0.2}}}}});
  };
  EXPECT_TRUE(has(table(0.01), "class=\"up\""));
  EXPECT_FALSE(has(table(-0.01), "class=\"up\""));
}

TEST(ReportTables, ShowTheClassesOfTheBenchmarkInTheirOrder) {
  const std::string html = evaluation_html(json::parse(
      R"({"policies":[{"name":"after RL","sets":[],"benchmark":{"overall":0.625,"overall_sets":0.5,
          "classes":{
           "text":{"score":0.75,"low":0.7,"high":0.8,"n":60,"sets":{"medqa":{"n":60,"score":0.75,
            "low":0.7,"high":0.8,"baseline":0.31,"parse_fail":0.02,"truncated":0.01,
            "mean_length":5}}},
           "diagnosis":{"score":0.5,"low":0.4,"high":0.6,"n":9,"sets":{"multihop":{"n":9,
            "score":0.5,"low":0.4,"high":0.6,"steps":0.9}}}}}}]})"));
  EXPECT_TRUE(has(html, "Unified benchmark, after RL, greedy"));
  EXPECT_LT(html.find(">diagnosis<"), html.find(">text<"));
  EXPECT_TRUE(has(html, ">0.31</td><td class=\"n\">0.02</td><td class=\"n\">0.01</td>"));
  EXPECT_TRUE(has(html, "[0.4, 0.6] steps 0.9</span>"));
  EXPECT_TRUE(has(html, "Mean over classes 0.625, over sets 0.5."));
  EXPECT_FALSE(has(html, ">imaging<"));
}

TEST(ReportTables, ShowControlsApartFromWhatTrainingChanged) {
  const json control = {{"name", "medqa"},       {"compared", "in order - shuffled"},
                        {"control", "shuffled"}, {"n", 60},
                        {"before", 0.3},         {"after", 0.4},
                        {"difference", 0.1},     {"low", -0.1},
                        {"high", 0.3},           {"consistency", 0.55}};
  const json gain = {{"name", "medqa"}, {"difference", 0.1}, {"low", 0.05}, {"high", 0.2}};
  const auto table = [](const json& paired) {
    return evaluation_html({{"policies", json::array()}, {"paired", paired}});
  };
  const std::string only = table(json::array({control}));
  EXPECT_FALSE(has(only, "Paired difference"));
  EXPECT_TRUE(has(only, ">0.4</td><td class=\"n\">0.3</td>"));
  EXPECT_TRUE(has(only, ">0.55<"));
  EXPECT_FALSE(has(table(json::array({gain})), "Controls"));
  EXPECT_TRUE(has(table(json::array({gain, control})), "Paired difference"));
}

TEST(ReportTables, SayThatARunIsNotEvaluatedYet) {
  EXPECT_TRUE(has(evaluation_html(nullptr), "Not evaluated yet"));
}

TEST(ReportTables, ShowPlannedAndDoneStepsAndTheLedgersBalance) {
  const std::string html = stages_html(json::parse(
      R"({"stages":[{"name":"sft","planned":40,"done":39,"seconds":1.5}],
          "ledger":{"issued":4,"committed":3,"dropped":1,"in_flight":0}})"));
  EXPECT_TRUE(has(html, ">40</td><td class=\"n\">39</td>"));
  EXPECT_TRUE(has(html, "4 issued = 3 committed + 1 dropped + 0 in flight"));
}

}  // namespace
}  // namespace nelumbo
