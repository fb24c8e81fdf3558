// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "learner/collectives.h"

namespace nelumbo {

/// Where the ranks of one learner find each other. They then talk over TCP on loopback (c10d's Gloo
/// backend, inside LibTorch). Safe to share between threads.
class RankMeeting {
 public:
  /// For ranks that are threads of this process.
  static std::shared_ptr<RankMeeting> in_process();
  /// For ranks in processes of their own, on one machine: a file that does not exist yet, or that
  /// another of these ranks has made.
  static std::shared_ptr<RankMeeting> at_file(const std::string& path);
  virtual ~RankMeeting() = default;

  /// Meets the other ranks and returns when all have come; kUnavailable when they have not by the
  /// deadline. Each rank joins once, all with the same `size`. REQUIRES: 0 <= rank < size.
  virtual Result<std::unique_ptr<Collectives>> join(int64_t rank, int64_t size,
                                                    Deadline deadline) = 0;
};

}  // namespace nelumbo
