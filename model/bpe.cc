// SPDX-License-Identifier: Apache-2.0
//
// Byte-pair encoding (Sennrich et al., 2016) over bytes (Radford et al., 2019). The word is a
// linked list of tokens; a heap holds the merges that could be done, ordered by (rank, position). A
// heap entry is stale when one of its two tokens has changed since, which their ids tell.

#include "model/bpe.h"

#include <queue>
#include <tuple>

namespace nelumbo {
namespace {

uint64_t key(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

constexpr int64_t kNone = -1;

/// A token in the list; `id` is negative once it has become part of its left neighbour.
struct Node {
  int32_t id;
  int64_t before;
  int64_t after;
};

struct Candidate {
  int32_t rank;
  int64_t at;
  int32_t left, right, merged;

  bool operator>(const Candidate& other) const {
    return std::tie(rank, at) > std::tie(other.rank, other.at);
  }
};

}  // namespace

bool Bpe::add_merge(int32_t left, int32_t right, int32_t merged) {
  return merges_.try_emplace(key(left, right), Merge{static_cast<int32_t>(merges_.size()), merged})
      .second;
}

std::optional<Bpe::Merge> Bpe::merge_of(int32_t left, int32_t right) const {
  const auto found = merges_.find(key(left, right));
  if (found == merges_.end())
    return std::nullopt;
  return found->second;
}

void Bpe::encode(std::string_view word, std::vector<int32_t>& ids) const {
  if (!whole_.empty()) {
    const auto found = whole_.find(std::string(word));
    if (found != whole_.end()) {
      ids.push_back(found->second);
      return;
    }
  }
  const auto size = static_cast<int64_t>(word.size());
  std::vector<Node> nodes;
  nodes.reserve(size);
  for (int64_t i = 0; i < size; ++i)
    nodes.push_back(
        {byte_ids_[static_cast<uint8_t>(word[i])], i - 1, i + 1 < size ? i + 1 : kNone});

  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
  const auto consider = [&](int64_t at) {
    if (at == kNone || nodes[at].after == kNone)
      return;
    const int32_t left = nodes[at].id;
    const int32_t right = nodes[nodes[at].after].id;
    if (const auto merge = merge_of(left, right))
      candidates.push({merge->rank, at, left, right, merge->merged});
  };
  for (int64_t i = 0; i < size; ++i)
    consider(i);
  while (!candidates.empty()) {
    const Candidate next = candidates.top();
    candidates.pop();
    Node& left = nodes[next.at];
    if (left.id != next.left || left.after == kNone || nodes[left.after].id != next.right)
      continue;
    Node& right = nodes[left.after];
    left.id = next.merged;
    left.after = right.after;
    right.id = -1;
    if (left.after != kNone)
      nodes[left.after].before = next.at;
    consider(left.before);
    consider(next.at);
  }
  for (const Node& node : nodes)
    if (node.id >= 0)
      ids.push_back(node.id);
}

}  // namespace nelumbo
