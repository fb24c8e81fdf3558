// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace nelumbo {

/// Nodes 0 .. n-1 in an order in which all parents of a node come before it, or a cycle that
/// forbids one: {a, b, c} where b is a parent of a, c of b, and a of c.
struct ParentsFirst {
  std::vector<int64_t> order;
  std::vector<int64_t> cycle;  ///< empty when there is none
};

/// Always the same order for the same parents. REQUIRES: each parent is in [0, n).
ParentsFirst parents_first(const std::vector<std::vector<int64_t>>& parents);

}  // namespace nelumbo
