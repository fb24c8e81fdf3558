// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/collectives.h"
#include "learner/optimizer.h"

namespace nelumbo {

/// How the ranks of a learner hold one policy. The gradients, and so the weights, are the same bits
/// in each way (Rajbhandari et al., 2020, call them data parallel, stage 1 and stage 3).
enum class Sharding {
  kReplicated,  ///< each rank steps on everything
  kOptimizer,   ///< each rank steps on its part of everything, and holds the moments, and the fp32
                ///< masters of rounded weights, of that alone
  kFull,        ///< each rank holds its part of everything alone; see UnitShards
};

/// The ranks that share the work of a learner, as one of them sees them.
struct LearnerRanks {
  std::shared_ptr<Collectives> group = std::make_shared<SingleRank>();
  Sharding sharding = Sharding::kReplicated;
  std::chrono::milliseconds patience = std::chrono::minutes(5);  ///< with the others, in each call

  bool several() const { return group->size() > 1; }
  /// Whether no rank holds the whole policy.
  bool full() const { return several() && sharding == Sharding::kFull; }
  Deadline deadline() const { return std::chrono::steady_clock::now() + patience; }
};

/// REQUIRES: "replicated", "optimizer" or "full".
Sharding sharding(const std::string& name);

/// Tensors, those of one block laid end to end in one buffer; every buffer is cut into one slice of
/// equal length for each rank, the last ones shorter or empty. `ranks` must outlive it. All ranks
/// make the same calls in the same order; each answers kUnavailable when a rank does not come by
/// the deadline. What passes between ranks goes in pieces of bounded size.
///
/// Example: 2 ranks, tensors a [3], b [2] of one block: slices {a[0,3)} and {b[0,2), one of
/// padding}
class Shards {
 public:
  /// All tensors, in the order of the shapes. One that is empty is not written, and read as zeros.
  using Tensors = std::vector<std::span<float>>;
  /// What lies in this rank's slices: one for each of `sliced`.
  using Parts = std::vector<std::span<float>>;

  Shards(const std::vector<ParameterShape>& tensors, Collectives& ranks, Sharding sharding);

  /// What this rank steps on.
  const std::vector<Piece>& owned() const { return owned_; }
  /// What lies in this rank's slices, block by block.
  const std::vector<Piece>& sliced() const { return sliced_; }
  bool has_block(int64_t block) const { return buffers_.contains(block); }
  /// The tensors of a block; none where there is no such block.
  std::vector<size_t> tensors_of(int64_t block) const;

  /// A block's tensors become whole, from the parts of all ranks. Parts may lie in the tensors.
  Result<void> gather(int64_t block, const Parts& parts, const Tensors& whole, Deadline deadline);
  /// The parts of a block become those of the sum over ranks. Parts may lie in the tensors.
  Result<void> reduce(int64_t block, const Tensors& whole, const Parts& parts, Deadline deadline);

  /// The gradients become their sum over ranks, wherever this rank owns them; elsewhere they are of
  /// no use any more. REQUIRES: gradients that are whole.
  Result<void> sum_gradients(const Tensors& gradients, Deadline deadline);
  /// The norm of the summed gradients, in double: the same bits for any sharding of as many ranks.
  /// `views` are those of `sliced`.
  Result<double> norm(Team& team, std::span<const ParameterView> views, Deadline deadline);
  /// The tensors become whole, from what each owns. Nothing to do where each rank owns all.
  Result<void> complete(const Parts& parts, const Tensors& tensors, Deadline deadline);
  Result<void> complete(const Tensors& tensors, Deadline deadline);

 private:
  struct Buffer {
    std::vector<size_t> tensors;
    std::vector<int64_t> sizes;  ///< theirs
    int64_t slice = 0;           ///< floats of a rank
    size_t first_part = 0;       ///< in `sliced_`
    std::vector<int64_t> part_sizes;
  };

  Parts parts_of(const Tensors& whole) const;
  void cut(Buffer& buffer);
  /// Calls `work` with one range of the slices after the other.
  Result<void> each_range(const Buffer& buffer,
                          const std::function<Result<void>(int64_t begin, int64_t end)>& work);
  Result<void> gather(const Buffer& buffer, const Parts& parts, const Tensors& whole,
                      Deadline deadline);
  Result<void> reduce(const Buffer& buffer, const Tensors& whole, const Parts& parts,
                      Deadline deadline);

  Collectives& ranks_;
  Sharding sharding_;
  std::map<int64_t, Buffer> buffers_;  ///< by block
  std::vector<Piece> sliced_;
  std::vector<Piece> owned_;
};

}  // namespace nelumbo
