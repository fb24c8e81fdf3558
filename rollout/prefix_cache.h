// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "rollout/key_blocks.h"
#include "rollout/sequence.h"

namespace nelumbo {

/// Full key blocks that were computed before, found again by all that stands in them and before
/// them: a tree with a block in each node. Contents are compared, pictures pixel by pixel, so equal
/// hashes of unequal prompts do no harm. What was used least recently is dropped first. Holds for
/// one version of the weights. No thread, no lock.
///
/// Example: after "ABCD" (blocks of one letter), "ABX" finds the blocks of A and B.
class PrefixCache {
 public:
  /// Keeps at most `most` blocks of `blocks`, which must outlive it.
  PrefixCache(KeyBlocks& blocks, int64_t most) : blocks_(blocks), most_(most) {}

  /// A table that shares the kept blocks at the front of `inputs`, as many as there are.
  KeyBlocks::Table find(std::span<const Input> inputs);
  /// Keeps the full blocks of `table`, which hold `inputs` or will before the next find is read.
  void keep(std::span<const Input> inputs, const KeyBlocks::Table& table);
  /// Drops blocks until no more than `count` are kept.
  void shrink(int64_t count);

  int64_t size() const { return std::ssize(by_use_); }
  /// Kept blocks that nobody else uses.
  int64_t unused() const;

 private:
  /// What stands in one position.
  struct Place {
    int32_t token = 0;
    int64_t feature = 0;
    Pixels pixels;  ///< null for a token
  };
  struct Node;
  using Children = std::unordered_multimap<uint64_t, std::unique_ptr<Node>>;
  struct Node {
    std::vector<Place> places;
    int32_t block = 0;
    uint64_t hash = 0;
    Node* parent = nullptr;  ///< null at the front of prompts
    Children children;
    std::list<Node*>::iterator use;
  };

  static uint64_t hash_of(std::span<const Input> inputs);
  static bool holds(const Node& node, std::span<const Input> inputs);
  static Node* child_of(const Children& children, std::span<const Input> inputs);
  /// The nodes at the front of `inputs`, from the first on.
  std::vector<Node*> path_of(std::span<const Input> inputs);
  /// A node was used less recently than its parent: the last of `by_use_` has no children.
  void touch(std::span<Node* const> path);

  KeyBlocks& blocks_;
  int64_t most_;
  Children roots_;
  std::list<Node*> by_use_;  ///< the latest first
};

}  // namespace nelumbo
