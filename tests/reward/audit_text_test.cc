// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "reward/audit.h"

namespace nelumbo {
namespace {

AuditReport report_with_alarm() {
  AuditReport report;
  report.answers = 64;
  report.shares = {{{"sums", "rule", "number"}, 0.875}};
  report.findings = {{"bias", "sums", "rubric/clear", 0.5, 0.3, 9, true, "follows '\x1b[2J'"},
                     {"jump", "sums", "the mean total", 0, 0.1, 0, false, "moves"}};
  report.false_runs = {{"bias", 1}};
  report.calibration_runs = 20;
  return report;
}

std::string without_escapes(std::string_view text) {
  std::string safe(text);
  std::erase(safe, '\x1b');
  return safe;
}

TEST(AuditText, ShowsAlarmsWithTheirFalseAlarmRateAndNothingThatATerminalObeys) {
  const std::string text = render(report_with_alarm(), without_escapes);
  EXPECT_NE(text.find("87.5 %"), std::string::npos) << text;
  EXPECT_NE(text.find("ALARM bias     sums: follows '[2J' (0.500, limit 0.3, z 9.0)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("1 of 20"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("no alarm"), std::string::npos);
}

TEST(AuditText, SaysWhenThereIsNoAlarm) {
  AuditReport calm;
  EXPECT_NE(render(calm, without_escapes).find("no answer has a score"), std::string::npos);
  calm.answers = 1;
  EXPECT_NE(render(calm, without_escapes).find("no alarm"), std::string::npos);
}

TEST(AuditText, HoldsEveryFindingAsJson) {
  const auto json = to_json(report_with_alarm());
  EXPECT_EQ(json["findings"].size(), 2U);
  EXPECT_EQ(json["findings"][0]["alarm"], true);
  EXPECT_EQ(json["false_alarm_runs"]["bias"], 1);
  EXPECT_EQ(json["shares"][0]["share"], 0.875);
}

}  // namespace
}  // namespace nelumbo
