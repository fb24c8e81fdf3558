// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/collectives.h"
#include "learner/optimizer.h"

namespace nelumbo {

/// How the ranks of a learner hold one policy. The gradients, and so the weights, are the same bits
/// either way.
enum class Sharding {
  kReplicated,  ///< each rank steps on everything
  kOptimizer,   ///< each rank steps on its part of everything and holds the moments of that alone
                ///< (ZeRO stage 1: Rajbhandari et al., 2020)
};

/// The ranks that share the work of a learner, as one of them sees them.
struct LearnerRanks {
  std::shared_ptr<Collectives> group = std::make_shared<SingleRank>();
  Sharding sharding = Sharding::kReplicated;
  std::chrono::milliseconds patience = std::chrono::minutes(5);  ///< with the others, in each call
};

/// REQUIRES: "replicated" or "optimizer".
Sharding sharding(const std::string& name);

/// The trained tensors, laid end to end in one buffer for each block of the network; every buffer
/// is cut into one slice of equal length for each rank, the last ones shorter or empty. `ranks`
/// must outlive it. All ranks make the same calls in the same order; each answers kUnavailable when
/// a rank does not come by the deadline.
///
/// Example: 2 ranks, tensors a [3], b [2] of one block: slices {a[0,3)} and {b[0,2), one of
/// padding}
class Shards {
 public:
  using Tensors = std::vector<std::span<float>>;  ///< all of them, in the order of the shapes

  Shards(const std::vector<ParameterShape>& tensors, Collectives& ranks, Sharding sharding);

  /// What this rank steps on.
  const std::vector<Piece>& owned() const { return owned_; }
  std::vector<ParameterView> owned(std::span<const ParameterView> views) const;

  /// The gradients become their sum over ranks, wherever this rank owns them; elsewhere they are of
  /// no use any more.
  Result<void> sum_gradients(std::span<const ParameterView> views, Deadline deadline);
  /// The norm of the summed gradients, in double: the same bits for any sharding of as many ranks.
  Result<double> norm(Team& team, std::span<const ParameterView> views, Deadline deadline);
  /// The tensors become whole on every rank, from what each owns. Nothing to do where each rank
  /// owns all.
  Result<void> complete(const Tensors& tensors, Deadline deadline);

 private:
  struct Buffer {
    size_t first = 0, last = 0;  ///< its tensors, the last one excluded
    int64_t slice = 0;           ///< floats of a rank
  };

  Tensors gradients(std::span<const ParameterView> views) const;
  std::vector<Piece> slice_of(const Buffer& buffer, int64_t rank) const;
  /// Copies between a buffer's tensors and its flat form.
  std::vector<float> flat(const Buffer& buffer, const Tensors& tensors) const;
  void spread(const Buffer& buffer, std::span<const float> flat, const Tensors& tensors) const;
  void spread_slice(const Buffer& buffer, std::span<const float> slice,
                    const Tensors& tensors) const;

  Collectives& ranks_;
  Sharding sharding_;
  std::vector<int64_t> sizes_;  ///< of the tensors
  std::vector<Buffer> buffers_;
  std::vector<Piece> sliced_;  ///< this rank's slices of all buffers
  std::vector<Piece> owned_;
};

}  // namespace nelumbo
