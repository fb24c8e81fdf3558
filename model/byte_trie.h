// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nelumbo {

/// A tree of byte strings, each with a number. Children of the root are found at once, others by
/// looking at their siblings.
class ByteTrie {
 public:
  static constexpr int32_t kRoot = 0;

  ByteTrie() : nodes_(1) { top_.fill(kRoot); }

  /// Takes in a string, not empty. One that is there keeps its number where `replace` is not set.
  void add(std::string_view bytes, int32_t number, bool replace);

  /// The child of `node` by `byte`; kRoot when there is none.
  int32_t child(int32_t node, uint8_t byte) const {
    if (node == kRoot)
      return top_[byte];
    int32_t at = nodes_[node].child;
    while (at != kRoot && nodes_[at].byte != byte)
      at = nodes_[at].sibling;
    return at;
  }

  /// The number of the string that ends at `node`.
  std::optional<int32_t> number(int32_t node) const {
    return nodes_[node].number < 0 ? std::nullopt : std::optional(nodes_[node].number);
  }

  int32_t first_child(int32_t node) const { return nodes_[node].child; }
  int32_t next_sibling(int32_t node) const { return nodes_[node].sibling; }
  uint8_t byte(int32_t node) const { return nodes_[node].byte; }
  int32_t size() const { return static_cast<int32_t>(nodes_.size()); }

 private:
  struct Node {
    int32_t child = kRoot;
    int32_t sibling = kRoot;
    int32_t number = -1;  ///< none where negative
    uint8_t byte = 0;
  };

  std::vector<Node> nodes_;
  std::array<int32_t, 256> top_{};
};

}  // namespace nelumbo
