// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"

namespace c10d {
class Store;
}

namespace nelumbo {

/// A call that the ranks of a group make together: their n-th.
struct RankCall {
  std::string name;
  int64_t number = 0;

  std::string text() const { return name + " " + std::to_string(number); }
};

/// Where the ranks of one group leave word for each other: a store of c10d's that all of them can
/// reach. While all goes well nothing is written there. A store that fails is one without a word.
class RankBoard {
 public:
  RankBoard(std::shared_ptr<c10d::Store> store, int64_t rank, int64_t size)
      : store_(std::move(store)), rank_(rank), size_(size) {}

  int64_t rank() const { return rank_; }
  int64_t size() const { return size_; }

  /// Says that this rank gave up in `call`; or, if that has no name, that it ended before it.
  void leave(const RankCall& call);
  /// Whether another rank gave up, or ended before the call of that number.
  bool someone_left(int64_t number) const;
  /// Leaves, gives the others half a second to do so, and says who is elsewhere:
  /// "learner rank 0 of 3 waited in all_gather 7: rank 1 did not come (why)".
  std::string complaint(const RankCall& call, const std::string& why);

  /// One value from one rank for all; none as long as there is none.
  Result<void> publish(const std::string& key, const std::string& value);
  std::optional<std::string> published(const std::string& key) const;

 private:
  std::optional<RankCall> place_of(int64_t rank) const;

  std::shared_ptr<c10d::Store> store_;
  int64_t rank_, size_;
};

}  // namespace nelumbo
