// SPDX-License-Identifier: Apache-2.0
//
// MedLoc-R1's performance-aware schedule. The threshold t rises by 0.15, then 0.10, then 0.05 each
// time, up to its end, when over the last N steps
//
//   share of IoU >= t at least h,  standard deviation of IoU at most d,  mean IoU - t at least m;
//
// then the older half of the window is dropped, so that the next rise sees answers under the new
// threshold. The trap: a fixed high threshold gives no gradient at the start, raw IoU little at the
// end.
#include "reward/iou_curriculum.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nelumbo {

bool IouCurriculum::ready() const {
  double n = 0, sum = 0, squares = 0, hits = 0;
  for (const auto& step : window_) {
    for (const double value : step) {
      n += 1;
      sum += value;
      squares += value * value;
      hits += value >= threshold_ ? 1 : 0;
    }
  }
  if (n == 0)
    return false;
  const double mean = sum / n;
  const double deviation = std::sqrt(std::max(0.0, squares / n - mean * mean));
  return hits / n >= config_.hit_rate && deviation <= config_.deviation &&
         mean - threshold_ >= config_.margin;
}

double IouCurriculum::next_rise() const {
  constexpr std::array kRises = {0.15, 0.10, 0.05};
  return kRises[static_cast<size_t>(std::min<int64_t>(rises_, std::ssize(kRises) - 1))];
}

bool IouCurriculum::observe(const std::vector<double>& ious) {
  window_.push_back(ious);
  if (std::ssize(window_) > config_.window)
    window_.pop_front();
  if (threshold_ >= config_.end || std::ssize(window_) < config_.window || !ready())
    return false;
  threshold_ = std::min(config_.end, threshold_ + next_rise());
  ++rises_;
  window_.erase(window_.begin(), window_.begin() + std::ssize(window_) / 2);
  return true;
}

}  // namespace nelumbo
