// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_automaton.h"

#include <algorithm>

#include "base/check.h"

namespace nelumbo {
namespace {

/// A branching state that did not fit into so many gaps lets the next search begin behind them.
constexpr int kMostTries = 32;
/// Codes of bytes are smaller than this.
constexpr size_t kCodes = 256;

/// Which slots of a double array are taken. It has no end.
class Slots {
 public:
  /// A base under which all codes, ascending, find a free slot; takes those slots.
  int32_t place_together(const std::vector<int32_t>& codes) {
    size_t slot = next_free(std::max(search_from_, static_cast<size_t>(codes.front())));
    const auto base = [&] { return slot - static_cast<size_t>(codes.front()); };
    for (int tries = 1; !all_free(base(), codes); ++tries) {
      slot = next_free(slot + 1);
      if (tries == kMostTries)
        search_from_ = slot;
    }
    for (const int32_t code : codes)
      take(base() + static_cast<size_t>(code));
    return static_cast<int32_t>(base());
  }

  /// The first free slot behind all that were taken; takes it.
  int32_t place_last() {
    end_ = std::max(end_, kCodes);
    const size_t slot = end_;
    take(slot);
    return static_cast<int32_t>(slot);
  }

  void take(size_t slot) {
    if (slot >= taken_.size())
      taken_.resize(2 * slot + kCodes, false);
    taken_[slot] = true;
    end_ = std::max(end_, slot + 1);
  }

  size_t end() const { return end_; }

 private:
  bool free(size_t slot) const { return slot >= taken_.size() || !taken_[slot]; }
  size_t next_free(size_t slot) const {
    while (!free(slot))
      ++slot;
    return slot;
  }
  bool all_free(size_t base, const std::vector<int32_t>& codes) const {
    return std::all_of(codes.begin(), codes.end(),
                       [&](int32_t code) { return free(base + static_cast<size_t>(code)); });
  }

  std::vector<bool> taken_;
  size_t search_from_ = 1;
  size_t end_ = 0;
};

}  // namespace

/// The names as a tree, node 0 the root, in breadth-first order: the children of a node are
/// neighbours, in the order of their bytes.
struct NameAutomaton::Trie {
  struct Node {
    int32_t parent = 0;
    char byte = 0;           ///< that leads here from the parent
    int32_t first_name = 0;  ///< of those that begin so
    int32_t last_name = 0;
    int32_t depth = 0;
    int32_t name = -1;  ///< that ends here
    int32_t first_child = 0;
    int32_t children = 0;
  };

  explicit Trie(std::span<const std::string> names) {
    nodes.push_back({.last_name = static_cast<int32_t>(names.size())});
    for (size_t i = 0; i < nodes.size(); ++i)
      expand(names, static_cast<int32_t>(i));
  }

  void expand(std::span<const std::string> names, int32_t parent) {
    Node node = nodes[at(parent)];
    node.first_child = static_cast<int32_t>(nodes.size());
    for (int32_t i = node.first_name; i < node.last_name; ++i) {
      const std::string& name = names[at(i)];
      if (name.size() == at(node.depth)) {
        node.name = i;
        continue;
      }
      const char byte = name[at(node.depth)];
      if (node.children == 0 || nodes.back().byte != byte) {
        ++node.children;
        nodes.push_back({.parent = parent, .byte = byte, .first_name = i, .depth = node.depth + 1});
      }
      nodes.back().last_name = i + 1;
    }
    nodes[at(parent)] = node;
  }

  std::vector<Node> nodes;
};

void NameAutomaton::number_bytes(std::span<const std::string> names) {
  std::array<bool, kCodes> seen{};
  for (const std::string& name : names)
    for (const char c : name)
      seen[static_cast<unsigned char>(c)] = true;
  size_t codes = 0;
  for (size_t byte = 0; byte < seen.size(); ++byte)
    if (seen[byte])
      code_[byte] = static_cast<uint8_t>(++codes);
  NELUMBO_CHECK(codes < kCodes) << "names hold every byte";
}

NameAutomaton::NameAutomaton(std::span<const std::string> names) {
  number_bytes(names);
  const Trie trie(names);
  states_ = std::ssize(trie.nodes) - 1;
  std::vector<int32_t> slot_of(trie.nodes.size(), kNone);
  slot_of[0] = kRoot;
  Slots slots;
  slots.take(kRoot);
  for (const Trie::Node& node : trie.nodes) {
    if (node.children < 2)
      continue;
    std::vector<int32_t> codes;
    for (int32_t i = 0; i < node.children; ++i)
      codes.push_back(code(trie.nodes[at(node.first_child + i)].byte));
    const int32_t base = slots.place_together(codes);
    for (int32_t i = 0; i < node.children; ++i)
      slot_of[at(node.first_child + i)] = base + codes[at(i)];
  }
  for (const Trie::Node& node : trie.nodes)
    for (const Trie::Node* at_node = &node;
         at_node->children == 1 && slot_of[at(at_node->first_child)] == kNone;
         at_node = &trie.nodes[at(at_node->first_child)])
      slot_of[at(at_node->first_child)] = slots.place_last();
  slots_.resize(slots.end() + kCodes);
  fill(trie, slot_of);
  link(trie, slot_of);
}

/// Bases, checks, names and depths of all states.
void NameAutomaton::fill(const Trie& trie, const std::vector<int32_t>& slot_of) {
  name_.resize(slots_.size(), -1);
  depth_.resize(slots_.size(), 0);
  for (size_t i = 0; i < trie.nodes.size(); ++i) {
    const Trie::Node& node = trie.nodes[i];
    const int32_t state = slot_of[i];
    name_[at(state)] = node.name;
    depth_[at(state)] = node.depth;
    if (i > 0)
      slots_[at(state)].check = slot_of[at(node.parent)];
    if (node.children > 0)
      slots_[at(state)].packed =
          (slot_of[at(node.first_child)] - code(trie.nodes[at(node.first_child)].byte)) * 4;
  }
}

/// Failure links, in breadth-first order: those of shorter states are complete. Then the flags.
void NameAutomaton::link(const Trie& trie, const std::vector<int32_t>& slot_of) {
  fail_.resize(slots_.size(), kInWord);
  shorter_.resize(slots_.size(), kInWord);
  for (size_t i = 1; i < trie.nodes.size(); ++i) {
    const Trie::Node& node = trie.nodes[i];
    const int32_t state = slot_of[i], parent = slot_of[at(node.parent)];
    int32_t link = in_word(node.byte) ? kInWord : kRoot;
    if (parent != kRoot)
      link = step(fail_[at(parent)], node.byte);
    fail_[at(state)] = link;
    if (link > kRoot)
      shorter_[at(state)] = name_[at(link)] >= 0 ? link : shorter_[at(link)];
    slots_[at(state)].packed +=
        (name_[at(state)] >= 0 || shorter_[at(state)] > kRoot ? 1 : 0) + (link == kInWord ? 2 : 0);
  }
}

int64_t NameAutomaton::bytes() const {
  return std::ssize(slots_) * static_cast<int64_t>(sizeof(Slot)) +
         (std::ssize(fail_) + std::ssize(name_) + std::ssize(shorter_) + std::ssize(depth_)) * 4;
}

}  // namespace nelumbo
