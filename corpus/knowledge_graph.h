// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "corpus/relations.h"

namespace nelumbo {

/// One way out of a node.
struct Edge {
  Hop hop;
  int32_t to = 0;
};

/// Distances from one node; memory that a caller keeps between searches.
struct Distances {
  static constexpr int kFar = -1;
  std::vector<int16_t> hops;     ///< by node; kFar beyond the bound
  std::vector<int32_t> visited;  ///< nodes within the bound, nearest first
};

/// Entities and typed edges, each edge in both directions, in two flat arrays. Immutable; shared
/// between threads.
class KnowledgeGraph {
 public:
  explicit KnowledgeGraph(Relations relations);

  int64_t nodes() const { return std::ssize(entities_); }
  int64_t triples() const { return std::ssize(edges_) / 2; }
  const Entity& entity(int32_t node) const { return entities_[static_cast<size_t>(node)]; }
  std::optional<int32_t> find(const std::string& id) const;

  /// Ways out of a node, sorted by hop and then by node.
  std::span<const Edge> edges(int32_t node) const;
  /// Those of one hop.
  std::span<const Edge> edges(int32_t node, Hop hop) const;

  /// Breadth-first search over all edges in both directions, up to `bound` hops (at most 100).
  /// `found` is overwritten; what it held must come from this graph or be empty.
  void search(int32_t from, int bound, Distances* found) const;
  /// The hops between two nodes, or none when there are more than `bound`.
  std::optional<int> distance(int32_t from, int32_t to, int bound) const;

 private:
  std::vector<Entity> entities_;
  std::vector<int64_t> first_;  ///< by node, where its edges begin; one more at the end
  std::vector<Edge> edges_;
  std::unordered_map<std::string, int32_t> by_id_;
};

}  // namespace nelumbo
