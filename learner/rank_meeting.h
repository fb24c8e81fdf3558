// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "learner/collectives.h"

namespace nelumbo {

/// What the ranks of a learner talk over: TCP on loopback between CPUs (c10d's Gloo backend, inside
/// LibTorch), or NCCL, where rank r has the GPU r.
enum class RankLink { kGloo, kNccl };
/// That of a value of placement.collectives.
inline RankLink rank_link(const std::string& name) {
  return name == "nccl" ? RankLink::kNccl : RankLink::kGloo;
}

/// Where the ranks of one learner find each other. Safe to share between threads.
class RankMeeting {
 public:
  /// For ranks that are threads of this process.
  static std::shared_ptr<RankMeeting> in_process(RankLink link = RankLink::kGloo);
  /// For ranks in processes of their own, on one machine: a file that does not exist yet, or that
  /// another of these ranks has made.
  static std::shared_ptr<RankMeeting> at_file(const std::string& path,
                                              RankLink link = RankLink::kGloo);
  virtual ~RankMeeting() = default;

  /// Meets the other ranks and returns when all have come; kUnavailable when they have not by the
  /// deadline, kEnvironment when this machine lacks what `link` needs. Each rank joins once, all
  /// with the same `size`. REQUIRES: 0 <= rank < size.
  virtual Result<std::unique_ptr<Collectives>> join(int64_t rank, int64_t size,
                                                    Deadline deadline) = 0;
};

}  // namespace nelumbo
