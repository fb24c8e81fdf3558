// SPDX-License-Identifier: Apache-2.0
#include "apps/report_charts.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const Chart* titled(const std::vector<Chart>& charts, const std::string& title) {
  const auto at =
      std::find_if(charts.begin(), charts.end(), [&](const Chart& c) { return c.title == title; });
  return at == charts.end() ? nullptr : &*at;
}

TEST(ReportCharts, SplitsTheLossByStageAndMarksWhereEachBegins) {
  size_t named = 0;
  const auto charts = charts_of({{"pretrain", 1, {{"optim/loss", 3}}},
                                 {"pretrain", 2, {{"optim/loss", 2}}},
                                 {"sft", 3, {{"optim/loss", 1}}},
                                 {"rl", 4, {{"optim/loss", -0.1}}}},
                                named);
  const Chart* loss = titled(charts, "Next-token loss");
  ASSERT_NE(loss, nullptr);
  ASSERT_EQ(loss->series.size(), 2U);
  EXPECT_EQ(loss->series[0].points.size(), 2U);
  ASSERT_EQ(loss->marks.size(), 3U);
  EXPECT_EQ(loss->marks[1].x, 3);
  EXPECT_NE(titled(charts, "Policy loss"), nullptr);
}

TEST(ReportCharts, KeepsPreferencesApart) {
  size_t named = 0;
  const auto charts = charts_of(
      {{"sft", 1, {{"optim/loss", 2}, {"eval/caption/accuracy", 0.3}}},
       {"dpo", 2, {{"optim/loss", 0.7}, {"eval/dpo/accuracy", 0.6}, {"eval/dpo/margin", 0.1}}},
       {"prm", 3, {{"optim/loss", 0.6}, {"eval/prm/accuracy", 0.9}, {"eval/prm/f1", 0.8}}}},
      named);
  const auto series = [&](const std::string& title) {
    const Chart* chart = titled(charts, title);
    return chart == nullptr ? 0 : std::ssize(chart->series);
  };
  EXPECT_EQ(series("Next-token loss"), 1);
  EXPECT_EQ(series("Preference loss"), 2);
  EXPECT_EQ(series("Held-out preferences: ordered or judged right"), 2);
  EXPECT_EQ(series("Held-out preferences: better less worse"), 1);
  EXPECT_EQ(series("Faulty steps found: F1"), 1);
  EXPECT_EQ(series("Validation: regions named right"), 1);
}

TEST(ReportCharts, PutsTheSetsOfOneValidationMetricIntoOneChart) {
  size_t named = 0;
  const auto charts = charts_of(
      {{"rl",
        1,
        {{"eval/locate/score", 0.4}, {"eval/type/score", 0.8}, {"eval/type/no_tool_score", 1}}}},
      named);
  const Chart* sampled = titled(charts, "Validation: score, greedy");
  ASSERT_NE(sampled, nullptr);
  ASSERT_EQ(sampled->series.size(), 2U);
  EXPECT_EQ(sampled->series[0].name, "locate");
}

TEST(ReportCharts, NamesComponentsByThemselvesAndKeepsTheMeanApart) {
  size_t named = 0;
  const auto charts =
      charts_of({{"rl", 1, {{"reward/mean", 0.4}, {"reward/iou/mean", 0.3}}}}, named);
  const Chart* components = titled(charts, "Reward by component");
  ASSERT_NE(components, nullptr);
  ASSERT_EQ(components->series.size(), 1U);
  EXPECT_EQ(components->series[0].name, "iou");
}

TEST(ReportCharts, GoOnInANumberedChartWhereOneIsFull) {
  std::map<std::string, double> values = {{"reward/task/locate/mean", 0.5}};
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
    values[std::string("reward/") + name + "/mean"] = 1;
  size_t named = 0;
  const auto charts = charts_of({{"rl", 1, values}}, named);
  ASSERT_NE(titled(charts, "Reward by component"), nullptr);
  ASSERT_NE(titled(charts, "Reward by component (2)"), nullptr);
  EXPECT_EQ(titled(charts, "Reward by component (2)")->series.size(), 1U);
  EXPECT_EQ(titled(charts, "Reward by task")->series[0].name, "locate");
}

TEST(ReportCharts, HidesNoMetric) {
  size_t named = 0;
  const auto charts = charts_of({{"rl", 1, {{"perf/padding", 0.1}}}}, named);
  EXPECT_EQ(named, 0U);
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0].title, "perf/padding");
}

}  // namespace
}  // namespace nelumbo
