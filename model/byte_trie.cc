// SPDX-License-Identifier: Apache-2.0
#include "model/byte_trie.h"

namespace nelumbo {

void ByteTrie::add(std::string_view bytes, int32_t number, bool replace) {
  int32_t node = kRoot;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    int32_t next = child(node, byte);
    if (next == kRoot) {
      next = size();
      nodes_.push_back({kRoot, nodes_[node].child, -1, byte});
      nodes_[node].child = next;
      if (node == kRoot)
        top_[byte] = next;
    }
    node = next;
  }
  if (nodes_[node].number < 0 || replace)
    nodes_[node].number = number;
}

}  // namespace nelumbo
