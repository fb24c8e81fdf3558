// SPDX-License-Identifier: Apache-2.0
//
// Byte-pair encoding (Sennrich et al., 2016) over bytes (Radford et al., 2019) or characters. A
// short word looks for its next merge along the word. A long one is a linked list of tokens, and a
// heap holds the merges that could be done, ordered by (rank, position); a heap entry is stale when
// one of its two tokens has changed since, which their ids tell.

#include "model/bpe.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>

#include "model/utf8.h"

namespace nelumbo {
namespace {

constexpr int64_t kNone = -1;
/// Words of up to this many letters are short: their squares are small.
constexpr int64_t kFew = 48;
constexpr int32_t kNoRank = std::numeric_limits<int32_t>::max();

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

void Bpe::encode(std::string_view word, std::vector<int32_t>& ids) const {
  if (!whole_.empty()) {
    const auto found = whole_.find(word);
    if (found != whole_.end()) {
      ids.push_back(found->second);
      return;
    }
  }
  const auto first = std::ssize(ids);
  spell(word, ids);
  if (std::ssize(ids) - first <= kFew)
    merge_few(ids, first);
  else
    merge_many(ids, first);
}

void Bpe::spell(std::string_view word, std::vector<int32_t>& ids) const {
  if (alphabet_.characters.empty())
    return spell_as_bytes(word, ids);
  // An unknown token is written once the next known character comes: bytes do not end a run of it.
  bool unknown = false;
  const auto flush = [&] {
    if (unknown)
      ids.push_back(*alphabet_.unknown);
    unknown = false;
  };
  for (int64_t at = 0; at < std::ssize(word); at += character_size(word, at)) {
    const auto found = alphabet_.characters.find(code_point(word, at));
    if (found != alphabet_.characters.end()) {
      flush();
      ids.push_back(found->second);
    } else if (!spell_bytes(word.substr(at, character_size(word, at)), ids) && alphabet_.unknown) {
      if (!alphabet_.fuse_unknown)
        flush();
      unknown = true;
    }
  }
  flush();
}

void Bpe::spell_as_bytes(std::string_view word, std::vector<int32_t>& ids) const {
  bool unknown = false;
  for (const char byte : word) {
    const int32_t id = alphabet_.bytes[static_cast<uint8_t>(byte)];
    const bool in_run = std::exchange(unknown, id < 0) && alphabet_.fuse_unknown;
    if (id >= 0)
      ids.push_back(id);
    else if (alphabet_.unknown && !in_run)
      ids.push_back(*alphabet_.unknown);
  }
}

bool Bpe::spell_bytes(std::string_view character, std::vector<int32_t>& ids) const {
  const auto size = ids.size();
  for (const char byte : character) {
    ids.push_back(alphabet_.bytes[static_cast<uint8_t>(byte)]);
    if (ids.back() < 0) {
      ids.resize(size);
      return false;
    }
  }
  return true;
}

void Bpe::merge_few(std::vector<int32_t>& ids, int64_t first) const {
  int32_t* const tokens = ids.data() + first;
  int64_t size = std::ssize(ids) - first;
  std::array<int32_t, kFew> ranks{};
  std::array<int32_t, kFew> merged{};
  const auto look_up = [&](int64_t at) {
    const MergeTable::Entry* merge = merges_.find(tokens[at], tokens[at + 1]);
    ranks[at] = merge == nullptr ? kNoRank : merge->rank;
    merged[at] = merge == nullptr ? 0 : merge->merged;
  };
  for (int64_t at = 0; at + 1 < size; ++at)
    look_up(at);
  while (size > 1) {
    const auto best = std::min_element(ranks.begin(), ranks.begin() + (size - 1));
    if (*best == kNoRank)
      break;
    const int64_t at = best - ranks.begin();
    tokens[at] = merged[at];
    --size;
    std::copy(tokens + at + 2, tokens + size + 1, tokens + at + 1);
    for (int64_t k = at + 1; k + 1 < size; ++k) {
      ranks[k] = ranks[k + 1];
      merged[k] = merged[k + 1];
    }
    if (at > 0)
      look_up(at - 1);
    if (at + 1 < size)
      look_up(at);
  }
  ids.resize(first + size);
}

void Bpe::merge_many(std::vector<int32_t>& ids, int64_t first) const {
  const int64_t size = std::ssize(ids) - first;
  std::vector<Node> nodes;
  nodes.reserve(size);
  for (int64_t i = 0; i < size; ++i)
    nodes.push_back({ids[first + i], i - 1, i + 1 < size ? i + 1 : kNone});

  std::vector<Candidate> found;
  const auto candidate = [&](int64_t at) -> std::optional<Candidate> {
    if (at == kNone || nodes[at].after == kNone)
      return std::nullopt;
    const int32_t left = nodes[at].id;
    const int32_t right = nodes[nodes[at].after].id;
    const MergeTable::Entry* merge = merges_.find(left, right);
    if (merge == nullptr)
      return std::nullopt;
    return Candidate{merge->rank, at, left, right, merge->merged};
  };
  for (int64_t i = 0; i < size; ++i)
    if (const auto one = candidate(i))
      found.push_back(*one);
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates(
      std::greater<>(), std::move(found));
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
    for (const int64_t at : {left.before, next.at})
      if (const auto one = candidate(at))
        candidates.push(*one);
  }
  ids.resize(first);
  for (const Node& node : nodes)
    if (node.id >= 0)
      ids.push_back(node.id);
}

}  // namespace nelumbo
