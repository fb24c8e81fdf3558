// SPDX-License-Identifier: Apache-2.0
#include "learner/step_guard.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nelumbo {
namespace {

constexpr double kToDeviation = 1.4826;  // of a normal distribution, from its median deviation
constexpr double kLeastShare = 0.1;      // of the median that counts as one deviation at least
constexpr double kLeastDeviation = 1e-3;
constexpr int64_t kOwnNumbers = 3;  // of the guard, in front of the alarm's

Error not_a_state() {
  return {Errc::kBadData, "checkpoint: step guard: not its numbers; take another checkpoint"};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double deviation(const std::deque<float>& latest, double value) {
  const double center = median({latest.begin(), latest.end()});
  std::vector<double> distances;
  distances.reserve(latest.size());
  for (const float one : latest)
    distances.push_back(std::abs(one - center));
  const double scale = std::max({kToDeviation * median(std::move(distances)),
                                 kLeastShare * std::abs(center), kLeastDeviation});
  return std::max(0.0, (value - center) / scale);
}

}  // namespace

StepSigns SpikeAlarm::deviations(const StepSigns& signs) const {
  if (std::ssize(latest_[0]) < kLeast)
    return {};
  return {deviation(latest_[0], signs.loss), deviation(latest_[1], signs.gradient_norm),
          deviation(latest_[2], signs.kl)};
}

void SpikeAlarm::keep(const StepSigns& signs) {
  const std::array<double, 3> values = {signs.loss, signs.gradient_norm, signs.kl};
  for (size_t i = 0; i < values.size(); ++i) {
    latest_[i].push_back(static_cast<float>(values[i]));
    if (std::ssize(latest_[i]) > kWindow)
      latest_[i].pop_front();
  }
}

std::vector<float> SpikeAlarm::state() const {
  std::vector<float> all;
  for (const auto& latest : latest_)
    all.insert(all.end(), latest.begin(), latest.end());
  return all;
}

Result<void> SpikeAlarm::restore(const std::vector<float>& state) {
  const auto each = std::ssize(state) / 3;
  if (3 * each != std::ssize(state) || each > kWindow)
    return not_a_state();
  for (size_t i = 0; i < latest_.size(); ++i) {
    const auto first = state.begin() + static_cast<int64_t>(i) * each;
    latest_[i].assign(first, first + each);
  }
  return {};
}

Result<bool> StepGuard::admit(const StepSigns& signs, const GuardConfig& config, Metrics* metrics) {
  const StepSigns found = alarm_.deviations(signs);
  const double most = std::max({found.loss, found.gradient_norm, found.kl});
  const bool spike = config.spike > 0 && most >= config.spike;
  spikes_ += spike ? 1 : 0;
  auto admitted = nan_.admit(signs.loss, signs.gradient_norm, spike && config.policy != "warn");
  if (!admitted)
    return admitted;
  if (admitted.value())
    alarm_.keep(signs);
  (*metrics)["optim/skipped"] = static_cast<double>(nan_.skipped());
  (*metrics)["guard/loss"] = found.loss;
  (*metrics)["guard/grad_norm"] = found.gradient_norm;
  (*metrics)["guard/kl"] = found.kl;
  (*metrics)["guard/spikes"] = static_cast<double>(spikes_);
  (*metrics)["guard/withheld"] = admitted.value() ? 0 : 1;
  return admitted;
}

std::vector<float> StepGuard::state() const {
  std::vector<float> all = nan_.state();
  all.push_back(static_cast<float>(spikes_));
  const std::vector<float> latest = alarm_.state();
  all.insert(all.end(), latest.begin(), latest.end());
  return all;
}

Result<void> StepGuard::restore(const std::vector<float>& state) {
  if (std::ssize(state) < kOwnNumbers)
    return not_a_state();
  if (auto done = nan_.restore({state.begin(), state.begin() + kOwnNumbers - 1}); !done)
    return done;
  spikes_ = static_cast<int64_t>(state[kOwnNumbers - 1]);
  return alarm_.restore({state.begin() + kOwnNumbers, state.end()});
}

}  // namespace nelumbo
