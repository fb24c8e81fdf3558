// SPDX-License-Identifier: Apache-2.0
#include "apps/run_clock.h"

#include <algorithm>
#include <utility>

namespace nelumbo {
namespace {

constexpr const char* kRun = "run/seconds";
constexpr const char* kStage = "run/stage_seconds";

double value_of(const MetricsRow& row, const char* name) {
  const auto at = row.values.find(name);
  return at == row.values.end() ? 0 : at->second;
}

}  // namespace

RunClock::RunClock(std::function<double()> seconds, double start)
    : now_(std::move(seconds)), start_(start), last_(start) {}

void RunClock::go_on(const std::vector<MetricsRow>& rows, double summed) {
  earlier_ = summed;
  for (const MetricsRow& row : rows) {
    earlier_ = std::max(earlier_, value_of(row, kRun));
    double& stage = stages_[row.stage];
    stage = std::max(stage, value_of(row, kStage));
  }
}

void RunClock::begin_stages() {
  last_ = now_();
}

std::map<std::string, double> RunClock::step(const std::string& stage) {
  const double now = now_();
  double& seconds = stages_[stage];
  seconds += now - last_;
  last_ = now;
  return {{kRun, this->seconds()}, {kStage, seconds}};
}

double RunClock::seconds() const {
  return earlier_ + now_() - start_;
}

}  // namespace nelumbo
