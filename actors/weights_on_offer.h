// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "actors/bulk_channel.h"
#include "actors/crew.h"
#include "base/memory_file.h"

namespace nelumbo {

/// Where a rollout process finds weights.
struct OfferedWeights {
  BulkRef ref{};     ///< on the coordinator's bulk channel
  std::string near;  ///< of a memory file, on the coordinator's host; empty: nowhere
};

/// The weights of the newest version, written once for all rollout processes: on a bulk channel,
/// and in memory that those of this host map. Two memory files take turns, so that a process has
/// the time of a version to read. Safe to share between threads.
class WeightsOnOffer {
 public:
  /// `near`: there are processes on this host.
  WeightsOnOffer(BulkChannel& channel, bool near) : channel_(channel), near_(near) {}
  ~WeightsOnOffer();
  WeightsOnOffer(const WeightsOnOffer&) = delete;
  WeightsOnOffer& operator=(const WeightsOnOffer&) = delete;

  /// Lets go of an older version.
  OfferedWeights offer(const Shared<WeightSet>& weights, PolicyVersion version);

 private:
  /// Puts the bytes where processes of this host find them; where there is no memory for that, all
  /// fetch them.
  std::string lay_out(std::span<const char> bytes, uint64_t hash);

  BulkChannel& channel_;
  bool near_;
  std::mutex guard_;
  std::optional<PolicyVersion> version_;
  OfferedWeights offered_;
  std::array<std::optional<MemoryFile>, 2> files_;
  size_t turn_ = 0;
};

/// Those that lie in memory of this host. None: this is another host, or newer ones have taken
/// their place.
std::optional<WeightSet> weights_nearby(const OfferedWeights& offered);

}  // namespace nelumbo
