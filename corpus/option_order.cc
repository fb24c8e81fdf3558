// SPDX-License-Identifier: Apache-2.0
#include "corpus/option_order.h"

#include <utility>

#include "base/check.h"

namespace nelumbo {

int64_t move_options(std::vector<std::string>* options, int64_t right, Random random) {
  const int64_t count = std::ssize(*options);
  NELUMBO_CHECK(right >= 0 && right < count) << "option " << right << " of " << count;
  if (count == 1)
    return right;
  int64_t place = random.below(count - 1);
  place += place >= right ? 1 : 0;
  std::string answer = std::move((*options)[static_cast<size_t>(right)]);
  options->erase(options->begin() + right);
  for (int64_t left = count - 1; left > 1; --left)
    std::swap((*options)[static_cast<size_t>(left - 1)],
              (*options)[static_cast<size_t>(random.below(left))]);
  options->insert(options->begin() + place, std::move(answer));
  return place;
}

}  // namespace nelumbo
