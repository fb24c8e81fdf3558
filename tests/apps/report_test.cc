// SPDX-License-Identifier: Apache-2.0
#include "apps/report.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::string report_of_sample(const TemporaryFolder& folder) {
  put_sample_run(folder.path(), gray_picture(64, 48));
  const auto written = write_report(folder.path());
  EXPECT_TRUE(written.ok());
  return slurp(folder / "report.html");
}

TEST(Report, ShowsFactsScoresCurvesAndTraces) {
  const TemporaryFolder folder;
  const std::string html = report_of_sample(folder);
  for (const char* part :
       {"412.5 GFLOP/s", "0.39 <span class=\"soft\">[0.34, 0.44]</span>", "Next-token loss",
        "Reward by component", "mean box", "val/BloodImage_00007/locate/0", "config.resolved.yaml"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
}

TEST(Report, AsksForNothingOffThePage) {
  const TemporaryFolder folder;
  const std::string html = report_of_sample(folder);
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  for (const char* part : {"http://", "https://", "<script", "@import", "url("})
    EXPECT_EQ(html.find(part), std::string::npos) << part;
}

TEST(Report, UnfoldsOnlyTheLastTracesThatHavePictures) {
  const TemporaryFolder folder;
  const std::string html = report_of_sample(folder);
  EXPECT_NE(html.find("<details><summary>rl, step 81"), std::string::npos);
  EXPECT_NE(html.find("<details open><summary>rl, step 120"), std::string::npos);
}

TEST(Report, EscapesTheConfiguration) {
  RunRecord run;
  run.name = "<x>";
  run.config = "a: </pre><img src=y>";
  const std::string html = report_html(run);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("<x>"), std::string::npos);
}

TEST(Report, LeavesAnEarlierReportWhenTheRunCannotBeRead) {
  const TemporaryFolder folder;
  put_sample_run(folder.path(), gray_picture(64, 48));
  put_file(folder / "report.html", "earlier");
  put_file(folder / "evaluation.json", "{torn");
  EXPECT_FALSE(write_report(folder.path()).ok());
  EXPECT_EQ(slurp(folder / "report.html"), "earlier");
}

}  // namespace
}  // namespace nelumbo
