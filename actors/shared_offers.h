// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "actors/bulk_channel.h"
#include "actors/crew.h"
#include "actors/wire.h"

namespace nelumbo {

/// What several processes are asked at once, written and offered on a bulk channel once for all of
/// them. Safe to share between threads.
class SharedOffers {
 public:
  explicit SharedOffers(BulkChannel& channel) : channel_(channel) {}
  ~SharedOffers();
  SharedOffers(const SharedOffers&) = delete;
  SharedOffers& operator=(const SharedOffers&) = delete;

  /// Bytes of `object`, which `write` makes unless they are on offer; an object that is none is
  /// shared with nobody. Each call wants its `withdraw`, and the last one lets go of the bytes.
  BulkRef offer(const Shared<void>& object, const std::function<Bytes()>& write);
  void withdraw(const BulkRef& ref);

 private:
  struct Offered {
    Shared<void> object;  ///< kept, so that no other one stands at its address
    BulkRef ref;
    int64_t users = 1;
  };

  BulkChannel& channel_;
  std::mutex guard_;
  std::vector<Offered> offered_;
};

}  // namespace nelumbo
