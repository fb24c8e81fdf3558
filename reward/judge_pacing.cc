// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_pacing.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nelumbo {

namespace {
constexpr double kLongestFactor = 32;
}  // namespace

double backoff_seconds(int64_t attempt, double base, double most, double u,
                       std::optional<double> retry_after) {
  const double grown = base * std::exp2(static_cast<double>(std::min<int64_t>(attempt - 1, 60)));
  const double jittered = std::min(grown, most) * (0.5 + 0.5 * u);
  return std::min(most, std::max(jittered, retry_after.value_or(0)));
}

CircuitBreaker::Pass CircuitBreaker::admit(double now) {
  const std::lock_guard lock(mutex_);
  if (!open_)
    return Pass::kYes;
  if (probing_ || now < open_until_)
    return Pass::kNo;
  probing_ = true;
  return Pass::kProbe;
}

bool CircuitBreaker::succeeded() {
  const std::lock_guard lock(mutex_);
  in_a_row_ = 0;
  factor_ = 1;
  probing_ = false;
  return std::exchange(open_, false);
}

bool CircuitBreaker::failed(double now, Pass pass) {
  const std::lock_guard lock(mutex_);
  if (open_ && pass != Pass::kProbe)
    return false;  // one that was under way when it opened
  if (!open_ && ++in_a_row_ < limit_)
    return false;
  probing_ = false;
  ++openings_;
  open_until_ = now + pause_ * factor_;
  factor_ = std::min(factor_ * 2, kLongestFactor);
  return !std::exchange(open_, true);
}

void CircuitBreaker::abandoned(Pass pass) {
  const std::lock_guard lock(mutex_);
  if (pass == Pass::kProbe)
    probing_ = false;
}

bool CircuitBreaker::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

int64_t CircuitBreaker::openings() const {
  const std::lock_guard lock(mutex_);
  return openings_;
}

}  // namespace nelumbo
