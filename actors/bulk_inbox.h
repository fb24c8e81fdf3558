// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include <caf/send.hpp>

#include "actors/node_protocol.h"

namespace nelumbo {

/// Brings what a bulk channel fetches to the actor that asked for it, as a FetchedAtom: what comes
/// next then happens inside that actor.
class BulkInbox {
 public:
  using Then = std::function<void(const Fetched&)>;

  /// `self` must handle FetchedAtom by calling `arrived`.
  template <class Handle>
  void fetch(BulkChannel& channel, const std::string& peer, const BulkRef& ref, const Handle& self,
             Then then) {
    const uint64_t id = ++asked_;
    waiting_[id] = std::move(then);
    channel.fetch(peer, ref, [self, id](Fetched fetched) {
      caf::anon_send(self, FetchedAtom::value, id, share(std::move(fetched)));
    });
  }

  void arrived(uint64_t id, const Fetched& fetched) {
    if (auto waiting = waiting_.extract(id); !waiting.empty())
      waiting.mapped()(fetched);
  }

 private:
  uint64_t asked_ = 0;
  std::map<uint64_t, Then> waiting_;
};

/// The value in the bytes, or why there are none.
template <class T>
Result<T> value_of(const Fetched& fetched) {
  if (!fetched)
    return fetched.error();
  return from_wire<T>(fetched.value());
}

}  // namespace nelumbo
