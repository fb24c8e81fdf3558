// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rollout/engine.h"

namespace nelumbo {

/// A token, and its log-prob under the full softmax at temperature 1.
struct RankedToken {
  int32_t token = 0;
  float logprob = 0;
};

/// What a step found out about one token of a request with `ServedWishes`.
struct TokenNews {
  GroupId group{};
  std::optional<int32_t> sample;  ///< that drew it; none: it stands in the prompt
  int32_t token = 0;
  float logprob = 0;
  std::vector<RankedToken> likeliest = {};  ///< in its place, in falling order, as many as wished
};

/// How busy an engine is.
struct Occupancy {
  int64_t waiting = 0;  ///< groups that have not begun
  int64_t running = 0;  ///< sequences that are being drawn or wait for their prompt
  int64_t key_blocks_in_use = 0;
  int64_t key_blocks = 0;
};

/// An engine that can be watched while it answers and told to give up.
class ServingEngine : public Engine {
 public:
  /// What the last step drew and scored: each prompt's tokens in order, each sample's in order.
  /// Only of requests with wishes.
  virtual const std::vector<TokenNews>& news() const = 0;
  /// Ends one sample with what it has drawn, as if it were as long as it may be. Nothing if it
  /// ended before. REQUIRES: its first token was drawn.
  virtual void end(GroupId id, int32_t sample) = 0;
  /// Forgets a group, whether it waits or runs, and gives its key blocks back. It is never
  /// returned. Nothing if it is not there.
  virtual void cancel(GroupId id) = 0;
  virtual Occupancy occupancy() const = 0;
};

}  // namespace nelumbo
