// SPDX-License-Identifier: Apache-2.0
#include "actors/patience.h"

#include <algorithm>

namespace nelumbo {

void Patience::took(Time time) {
  last_.push_back(time);
  if (last_.size() > kMost)
    last_.pop_front();
}

std::optional<Patience::Time> Patience::limit() const {
  if (last_.size() < kFewest)
    return std::nullopt;
  return std::max<Time>(kLeast, 2 * *std::ranges::max_element(last_));
}

Patience::Time Patience::rest(Time limit) {
  return std::max<Time>(std::chrono::seconds(10), 20 * limit);
}

}  // namespace nelumbo
