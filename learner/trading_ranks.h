// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/check.h"
#include "learner/collectives.h"

namespace nelumbo {

/// Ranks that know one thing, to trade pieces. All that they do together is made of that here, so
/// that a sum has the same bits over every link.
class TradingRanks : public Collectives {
 public:
  Result<void> reduce_scatter_sum(std::span<const float> values, std::span<float> mine,
                                  Deadline deadline) override {
    check_pieces(mine.size(), values.size());
    pieces_.resize(values.size());
    auto done = trade("reduce_scatter", std::as_bytes(values), mine.size_bytes(),
                      std::as_writable_bytes(std::span(pieces_)), deadline);
    if (!done)
      return done;
    const float* piece = pieces_.data();
    std::copy_n(piece, mine.size(), mine.begin());
    for (int64_t r = 1; r < size(); ++r) {
      piece += mine.size();
      for (size_t i = 0; i < mine.size(); ++i)
        mine[i] += piece[i];
    }
    return {};
  }

  Result<void> all_gather(std::span<const float> mine, std::span<float> all,
                          Deadline deadline) override {
    return gather(mine, all, deadline);
  }
  Result<void> all_gather(std::span<const double> mine, std::span<double> all,
                          Deadline deadline) override {
    return gather(mine, all, deadline);
  }

  Result<void> barrier(Deadline deadline) override {
    std::vector<float> all(static_cast<size_t>(size()));
    return gather<float>(std::vector<float>{0}, all, deadline);
  }

 private:
  /// Rank r gets the piece of `given` at r * stride; what it gives becomes piece r of `got`. `name`
  /// is what a complaint calls it.
  virtual Result<void> trade(const char* name, std::span<const std::byte> given, size_t stride,
                             std::span<std::byte> got, Deadline deadline) = 0;

  template <class T>
  Result<void> gather(std::span<const T> mine, std::span<T> all, Deadline deadline) {
    check_pieces(mine.size(), all.size());
    return trade("all_gather", std::as_bytes(mine), 0, std::as_writable_bytes(all), deadline);
  }

  void check_pieces(size_t piece, size_t all) const {
    NELUMBO_CHECK(all == static_cast<size_t>(size()) * piece) << "pieces of unequal size";
  }

  std::vector<float> pieces_;  ///< of a sum, before they are added
};

}  // namespace nelumbo
