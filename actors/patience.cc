// SPDX-License-Identifier: Apache-2.0
#include "actors/patience.h"

#include <algorithm>

namespace nelumbo {

void Patience::took(Time time) {
  fresh_.push_back(time);
  if (fresh_.size() >= kMost)
    settle();
}

void Patience::settle() {
  if (fresh_.empty())
    return;
  last_.insert(last_.end(), fresh_.begin(), fresh_.end());
  fresh_.clear();
  while (last_.size() > kMost)
    last_.pop_front();
  if (last_.size() < kFewest)
    return;
  std::vector<Time> sorted(last_.begin(), last_.end());
  std::ranges::sort(sorted);
  limit_ = std::max<Time>(kLeast, 6 * sorted[sorted.size() / 4]);
}

Patience::Time Patience::rest(Time limit) {
  return std::max<Time>(std::chrono::seconds(10), 20 * limit);
}

}  // namespace nelumbo
