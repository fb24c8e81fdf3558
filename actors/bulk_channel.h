// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/bulk_fetches.h"
#include "actors/bulk_place.h"
#include "base/error.h"

namespace nelumbo {

/// Moves large immutable bytes between a coordinator that listens and nodes that dial it, either
/// way over the one connection. Who wants an object pulls it, chunk by chunk: what is in flight is
/// bounded by the window of whoever asks, and a chunk that does not come within a second, or comes
/// wrong, is asked for again, so that a fetch goes on where it was when the connection comes back.
///
/// One thread owns the socket. All functions but the destructor may be called from any thread.
/// With credentials all that passes is encrypted, and both ends know each other (CURVE).
class BulkChannel {
 public:
  /// Gets the bytes, or why there are none, once, on the channel's thread. It may call the channel
  /// but not destroy it; it neither throws nor takes long, since all other fetches wait for it.
  using Fetched = BulkFetches::Done;

  /// The coordinator's end, on `port` or any free one. kEnvironment when the port is taken,
  /// kInvalidConfig for limits out of range.
  static Result<std::unique_ptr<BulkChannel>> listen(const BulkLimits& limits,
                                                     std::optional<uint16_t> port = {},
                                                     const BulkPlace& place = {});
  /// A node's end. Who listens fetches from it by `name` (1 to 255 bytes, another for each node: a
  /// later node of the same name takes its place). The connection is made and made again behind the
  /// scenes, so nobody needs to listen yet.
  static Result<std::unique_ptr<BulkChannel>> dial(uint16_t port, const std::string& name,
                                                   const BulkLimits& limits,
                                                   const BulkPlace& place = {});

  /// Ends the thread; fetches under way get kUnavailable, what was promised to peers is not sent.
  ~BulkChannel();
  BulkChannel(const BulkChannel&) = delete;
  BulkChannel& operator=(const BulkChannel&) = delete;

  /// Where this end listens, or whom it dials.
  uint16_t port() const;
  /// Messages that broke the protocol, that nobody had asked for, or under a name of another.
  uint64_t dropped() const;
  /// Of all objects that are not withdrawn.
  uint64_t bytes_on_offer() const;

  /// Keeps the bytes ready for any peer until they are withdrawn. Objects are numbered from 1.
  BulkRef offer(std::shared_ptr<const std::vector<char>> bytes);
  /// Lets go of them; fetches of them that are not finished fail at the other end.
  void withdraw(const BulkRef& ref);

  /// Pulls the object from `peer`: the name of a node, or "" at a node for the end that listens.
  /// Objects of one peer come in the order in which they were asked for. Errors: kUnavailable when
  /// nothing comes for `stall` (a peer that is not there is waited for as long), the object is no
  /// longer offered, or this channel ends; kBadData when it is over `most_bytes` or does not hash
  /// to what `ref` says; kEnvironment without memory; kInvalidConfig for a peer that cannot be.
  void fetch(const std::string& peer, const BulkRef& ref, Fetched done);

 private:
  class Thread;
  explicit BulkChannel(std::unique_ptr<Thread> thread);

  std::unique_ptr<Thread> thread_;
};

}  // namespace nelumbo
