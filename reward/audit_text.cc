// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "base/format.h"
#include "base/text.h"
#include "reward/audit.h"

namespace nelumbo {
namespace {

using nlohmann::json;

int64_t alarms_of(const AuditReport& report, const std::string& check) {
  int64_t alarms = 0;
  for (const Finding& finding : report.findings)
    alarms += finding.check == check && finding.alarm ? 1 : 0;
  return alarms;
}

}  // namespace

std::string render(const AuditReport& report, std::string (*safe)(std::string_view)) {
  const auto n = [](int64_t count) { return static_cast<long long>(count); };
  std::string text =
      formatted("%lld scored answers in %lld groups of %lld steps, %lld without a score\n",
                n(report.answers), n(report.groups), n(report.steps), n(report.unscored));
  std::string spec;
  for (const VarianceShare& share : report.shares) {
    if (share.key.spec != spec)
      text += formatted("\n%-52.52s %9s\n", safe(share.key.spec).c_str(), "variance");
    spec = share.key.spec;
    text += formatted("  %-50.50s %7.1f %%\n", safe(share.key.label()).c_str(), 100 * share.share);
  }
  text += formatted("\n%-8s %6s  %s\n", "check", "alarms",
                    "of as large clean runs, simulated, so many raise one, too");
  for (const std::string& check : all_checks()) {
    const auto runs = report.false_runs.find(check);
    text += formatted("%-8s %6lld", check.c_str(), n(alarms_of(report, check)));
    text += runs == report.false_runs.end()
                ? "\n"
                : formatted("  %lld of %lld\n", n(runs->second), n(report.calibration_runs));
  }
  text += "\n";
  bool calm = true;
  for (const Finding& finding : report.findings) {
    if (!finding.alarm)
      continue;
    calm = false;
    text += formatted("ALARM %-8s ", finding.check.c_str()) + safe(finding.spec) + ": " +
            safe(finding.sentence) + formatted(" (%.3f, limit %g", finding.value, finding.limit) +
            (finding.z != 0 ? formatted(", z %.1f)\n", finding.z) : std::string(")\n"));
  }
  if (calm)
    text += report.answers > 0 ? "no alarm\n" : "nothing was looked at: no answer has a score\n";
  return text;
}

json to_json(const AuditReport& report) {
  json shares = json::array(), findings = json::array();
  for (const VarianceShare& share : report.shares)
    shares.push_back({{"spec", share.key.spec},
                      {"layer", share.key.layer},
                      {"name", share.key.name},
                      {"share", share.share}});
  for (const Finding& finding : report.findings)
    findings.push_back({{"check", finding.check},
                        {"spec", finding.spec},
                        {"what", finding.what},
                        {"value", finding.value},
                        {"limit", finding.limit},
                        {"z", finding.z},
                        {"alarm", finding.alarm},
                        {"sentence", valid_utf8(finding.sentence)}});
  return {{"answers", report.answers},
          {"groups", report.groups},
          {"steps", report.steps},
          {"unscored", report.unscored},
          {"shares", shares},
          {"findings", findings},
          {"false_alarm_runs", report.false_runs},
          {"calibration_runs", report.calibration_runs}};
}

}  // namespace nelumbo
