// SPDX-License-Identifier: Apache-2.0
#include "apps/run_progress.h"

#include <algorithm>
#include <utility>

#include "apps/svg_chart.h"

namespace nelumbo {
namespace {

/// What is worth a place on the line, in order, and its short name.
constexpr std::pair<const char*, const char*> kShown[] = {
    {"reward/mean", "reward"},
    {"optim/loss", "loss"},
    {"policy/entropy", "entropy"},
    {"eval/caption/white_recall", "recall"},
    {"preference/accuracy", "ordered right"},
    {"mismatch/logprob_abs_max", "mismatch"},
};

}  // namespace

std::string short_metrics(const MetricsLine& line) {
  std::string text;
  for (const auto& [name, label] : kShown) {
    const auto value = line.values.find(name);
    if (value != line.values.end())
      text += (text.empty() ? "" : "  ") + std::string(label) + " " + short_number(value->second);
  }
  return text;
}

RunProgress::RunProgress(std::vector<std::pair<std::string, int64_t>> planned,
                         ProgressTarget target)
    : planned_(std::move(planned)), target_(std::move(target)) {}

void RunProgress::open(const std::string& stage, int64_t step) {
  finish();
  stage_ = stage;
  int64_t before = 0, total = 0;
  for (const auto& [name, steps] : planned_) {
    if (name == stage) {
      total = steps;
      break;
    }
    before += steps;
  }
  // A stage may end late (its recall gate) or early, so what was seen goes before what was planned.
  first_ = seen_ ? *seen_ : std::min(before, step - 1);
  // The time that the first step took is not known, so the speed is that of the steps behind it.
  line_ = std::make_unique<Progress>(stage, std::max<int64_t>(0, step - first_), total, target_);
}

void RunProgress::show(const MetricsLine& line) {
  if (line.stage != stage_ || !line_)
    open(line.stage, line.step);
  text_ = short_metrics(line);
  // An evaluation adds no step of its own.
  line_->update(std::max<int64_t>(1, line.step - first_), text_);
  seen_ = line.step;
}

void RunProgress::finish() {
  if (line_)
    line_->finish(text_);
  line_.reset();
}

}  // namespace nelumbo
