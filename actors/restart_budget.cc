// SPDX-License-Identifier: Apache-2.0
#include "actors/restart_budget.h"

#include <algorithm>

namespace nelumbo {

Verdict RestartBudget::next(const Death& death, Clock::time_point now) {
  while (!recent_.empty() && now - recent_.front() > window_)
    recent_.pop_front();
  const bool repeated = death.failure && last_failure_ && last_failure_->step == death.step &&
                        last_failure_->failure == death.failure;
  if (death.failure)
    last_failure_ = death;
  const int64_t earlier = std::ssize(recent_);
  if (repeated || earlier >= restarts_)
    return {.repeated = repeated, .number = earlier};
  recent_.push_back(now);
  stuck_ = furthest_ && death.step <= *furthest_ ? std::min(stuck_ + 1, earlier) : 0;
  furthest_ = std::max(furthest_.value_or(death.step), death.step);
  const int64_t doublings = std::min<int64_t>(stuck_, 20);
  return {.again = true,
          .number = earlier + 1,
          .wait = std::min(kFirstWait * (int64_t{1} << doublings), kLongestWait)};
}

}  // namespace nelumbo
