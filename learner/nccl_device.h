// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/error.h"

namespace nelumbo {

/// By which the ranks of one communicator of NCCL find each other.
using NcclId = std::array<char, 128>;

/// One GPU with one rank of a communicator on it: what collectives need of CUDA's runtime and of
/// NCCL. Each function begins something and returns; `done` says when all that was begun has ended.
/// For one thread, but for the destructor.
class NcclDevice {
 public:
  /// Ends what is under way by force unless `finish` is done, and frees everything. May then wait
  /// for the other ranks to do the same.
  virtual ~NcclDevice() = default;

  /// Of one rank, for all.
  virtual Result<NcclId> new_id() = 0;
  /// Meets the other ranks.
  virtual Result<void> join(const NcclId& id, int64_t rank, int64_t size) = 0;
  /// Memory of the GPU. It is freed by `release` or with the device.
  virtual Result<std::byte*> allocate(size_t bytes) = 0;
  /// REQUIRES: nothing is under way.
  virtual void release(std::byte* memory) = 0;
  /// Between memory of the host, pageable, and that of the GPU. REQUIRES: nothing is under way: a
  /// copy to the host would wait for it.
  virtual Result<void> copy_in(std::byte* to, std::span<const std::byte> from) = 0;
  virtual Result<void> copy_out(std::span<std::byte> to, const std::byte* from) = 0;
  /// For each other rank r: sends it the `piece` bytes at sent + r * stride, and receives as many
  /// from it at received + r * piece. REQUIRES: all ranks do so in the same order; memory of the
  /// GPU.
  virtual Result<void> exchange(const std::byte* sent, size_t stride, std::byte* received,
                                size_t piece) = 0;
  /// Whether everything that was begun has ended well; an error where it did not and never will.
  virtual Result<bool> done() = 0;
  /// Parts from the other ranks in peace: nothing can be begun any more.
  virtual Result<void> finish() = 0;
};

/// Whether `ranks` learner ranks of this machine can talk over NCCL; kEnvironment says what is
/// missing, under the key placement.collectives.
Result<void> require_nccl(int64_t ranks);

/// The GPU of this rank: the one of that number.
Result<std::unique_ptr<NcclDevice>> nccl_device(int64_t rank);

}  // namespace nelumbo
