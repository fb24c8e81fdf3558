// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/kernels.h"

namespace nelumbo {

/// Memory for keys and values in blocks of 16 positions, handed out to sequences. Blocks of a
/// shared prefix are counted, not copied. Memory is taken when first needed and used again. No
/// thread, no lock.
class KeyBlocks {
 public:
  /// At most `limit` blocks of `floats` each.
  KeyBlocks(int64_t floats, int64_t limit) : floats_(floats), limit_(limit) {}

  int64_t limit() const { return limit_; }
  int64_t in_use() const { return in_use_; }

  /// The blocks of one sequence in position order.
  struct Table {
    std::vector<int32_t> ids;
    std::vector<float*> memory;
  };

  /// Grows `table` until it holds `positions` positions. REQUIRES: the limit is kept.
  void grow(Table& table, int64_t positions);
  /// A table that shares every full block of the first `positions` positions and owns a copy of a
  /// partial last one.
  Table fork(const Table& table, int64_t positions);
  /// Gives back what `table` holds; blocks that others share stay.
  void release(Table& table);

  /// Appends a block of another's to `table`, which becomes one of its owners.
  void share(int32_t id, Table& table);
  /// One more owner, without a table; drop() ends that.
  void hold(int32_t id) { ++owners_[static_cast<size_t>(id)]; }
  void drop(int32_t id);
  int32_t owners(int32_t id) const { return owners_[static_cast<size_t>(id)]; }

 private:
  int32_t take();

  int64_t floats_;
  int64_t limit_;
  int64_t in_use_ = 0;
  std::vector<Buffer> slabs_;    ///< of many blocks each: they share large pages
  std::vector<float*> memory_;   ///< by block id
  std::vector<int32_t> owners_;  ///< by block id
  std::vector<int32_t> free_;
};

}  // namespace nelumbo
