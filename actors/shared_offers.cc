// SPDX-License-Identifier: Apache-2.0
#include "actors/shared_offers.h"

#include <algorithm>

#include "base/check.h"

namespace nelumbo {

SharedOffers::~SharedOffers() {
  for (const Offered& offered : offered_)
    channel_.withdraw(offered.ref);
}

BulkRef SharedOffers::offer(const Shared<void>& object, const std::function<Bytes()>& write) {
  const std::lock_guard lock(guard_);
  const auto known = std::ranges::find(offered_, object, &Offered::object);
  if (object && known != offered_.end()) {
    ++known->users;
    return known->ref;
  }
  const BulkRef ref = channel_.offer(share(write()));
  offered_.push_back({object, ref});
  return ref;
}

void SharedOffers::withdraw(const BulkRef& ref) {
  const std::lock_guard lock(guard_);
  const auto known = std::ranges::find(offered_, ref.object,
                                       [](const Offered& offered) { return offered.ref.object; });
  NELUMBO_CHECK(known != offered_.end()) << "bytes that are not on offer";
  if (--known->users > 0)
    return;
  channel_.withdraw(ref);
  offered_.erase(known);
}

}  // namespace nelumbo
