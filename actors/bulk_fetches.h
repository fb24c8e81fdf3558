// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "actors/bulk_transfer.h"
#include "actors/bulk_wire.h"
#include "base/error.h"

namespace nelumbo {

/// The same at both ends of a channel.
struct BulkLimits {
  size_t chunk = size_t{1} << 20;           ///< bytes of one chunk, at most 64 MiB
  int window = 8;                           ///< chunks asked of one peer at a time, at most 64
  uint64_t most_bytes = uint64_t{4} << 30;  ///< bytes of one object
  std::chrono::milliseconds stall{30'000};  ///< a fetch ends when nothing comes for so long
};

/// Everything one end is pulling: who is asked for which chunk when. It knows no socket and no
/// thread; time is an argument, and what it asks leaves through a function.
///
/// All fetches from one peer share one window, earlier ones first, so that messages in flight to a
/// peer are bounded whatever is wanted, and buffers are reserved one after the other.
class BulkFetches {
 public:
  using Time = BulkTransfer::Time;
  /// Gets the bytes, or why there are none, once. It may not call this object.
  using Done = std::function<void(Result<std::vector<char>>)>;
  /// Sends a kGet to the peer; false when it cannot be sent now.
  using Send = std::function<bool(const std::string& peer, const BulkHeader& get)>;

  BulkFetches(const BulkLimits& limits, Send send);

  bool idle() const { return peers_.empty(); }

  /// Refuses at once what is over `most_bytes`.
  void begin(const std::string& peer, const BulkRef& ref, Done done, Time now);
  /// A kChunk with its payload, or a kGone. False when it is dropped: nobody asked for it, or it is
  /// not what its header says.
  bool take(const std::string& peer, const BulkHeader& answer, std::span<const std::byte> payload,
            Time now);
  /// Asks again for what is late, and ends what has stalled. To be called every so often.
  void tick(Time now);
  /// Ends all with kUnavailable.
  void end_all(const std::string& why);

 private:
  struct Fetch {
    BulkTransfer transfer;
    Done done;
  };
  /// What is wanted from one peer by ticket, which is the order in which it was asked for.
  struct Peer {
    std::map<uint64_t, Fetch> fetches;
    int in_flight = 0;
    Time last;  ///< when a chunk was last kept, or the first one wanted
  };
  using Peers = std::map<std::string, Peer>;

  void pump(const std::string& name, Peer& peer, Time now);
  void ask_again(const std::string& name, uint64_t ticket, BulkTransfer& transfer, Time now);
  bool ask(const std::string& name, uint64_t ticket, const BulkTransfer& transfer,
           BulkTransfer::Chunk chunk);
  bool take_chunk(Peers::iterator peer, uint64_t ticket, const BulkHeader& chunk,
                  std::span<const std::byte> payload, Time now);
  bool stalled(const Peer& peer, const BulkTransfer& transfer, Time now) const;
  void end(Peers::iterator peer, uint64_t ticket, Result<std::vector<char>> result, Time now);

  BulkLimits limits_;
  Send send_;
  Peers peers_;  // only those that something is wanted from
  uint64_t last_ticket_ = 0;
};

}  // namespace nelumbo
