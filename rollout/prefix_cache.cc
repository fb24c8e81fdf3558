// SPDX-License-Identifier: Apache-2.0
#include "rollout/prefix_cache.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "kernels/kernels.h"

namespace nelumbo {

uint64_t PrefixCache::hash_of(std::span<const Input> inputs) {
  std::array<uint64_t, 2 * kKeyBlock> words{};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Input& input = inputs[i];
    words[2 * i] =
        uint64_t{static_cast<uint32_t>(input.token)} << 32 | static_cast<uint32_t>(input.feature);
    words[2 * i + 1] = input.picture == nullptr ? 0 : input.picture->hash;
  }
  return xxh3_64(std::as_bytes(std::span(words)));
}

bool PrefixCache::holds(const Node& node, std::span<const Input> inputs) {
  return std::ranges::equal(node.places, inputs, [](const Place& place, const Input& input) {
    if (place.token != input.token || (place.pixels == nullptr) != (input.picture == nullptr))
      return false;
    return place.pixels == nullptr ||
           (place.feature == input.feature &&
            (place.pixels == input.picture->pixels || *place.pixels == *input.picture->pixels));
  });
}

PrefixCache::Node* PrefixCache::child_of(const Children& children, std::span<const Input> inputs) {
  const auto [first, last] = children.equal_range(hash_of(inputs));
  for (auto at = first; at != last; ++at)
    if (holds(*at->second, inputs))
      return at->second.get();
  return nullptr;
}

std::vector<PrefixCache::Node*> PrefixCache::path_of(std::span<const Input> inputs) {
  std::vector<Node*> path;
  const Children* children = &roots_;
  for (; std::ssize(inputs) >= kKeyBlock; inputs = inputs.subspan(kKeyBlock)) {
    Node* const node = child_of(*children, inputs.first(kKeyBlock));
    if (node == nullptr)
      break;
    path.push_back(node);
    children = &node->children;
  }
  return path;
}

void PrefixCache::touch(std::span<Node* const> path) {
  for (size_t i = path.size(); i > 0; --i)
    by_use_.splice(by_use_.begin(), by_use_, path[i - 1]->use);
}

KeyBlocks::Table PrefixCache::find(std::span<const Input> inputs) {
  const std::vector<Node*> path = path_of(inputs);
  touch(path);
  KeyBlocks::Table table;
  for (const Node* node : path)
    blocks_.share(node->block, table);
  return table;
}

void PrefixCache::keep(std::span<const Input> inputs, const KeyBlocks::Table& table) {
  const auto full =
      std::min({std::ssize(inputs) / kKeyBlock, std::ssize(table.ids), std::ptrdiff_t{most_}});
  std::vector<Node*> path = path_of(inputs.first(static_cast<size_t>(full * kKeyBlock)));
  touch(path);
  for (auto i = std::ssize(path); i < full; ++i) {
    const auto some = inputs.subspan(static_cast<size_t>(i * kKeyBlock), kKeyBlock);
    auto node = std::make_unique<Node>();
    for (const Input& input : some)
      node->places.push_back(
          {input.token, input.feature, input.picture == nullptr ? nullptr : input.picture->pixels});
    node->block = table.ids[static_cast<size_t>(i)];
    node->hash = hash_of(some);
    node->parent = path.empty() ? nullptr : path.back();
    by_use_.push_front(node.get());
    node->use = by_use_.begin();
    blocks_.hold(node->block);
    Children& siblings = node->parent == nullptr ? roots_ : node->parent->children;
    const uint64_t hash = node->hash;
    path.push_back(siblings.emplace(hash, std::move(node))->second.get());
  }
  touch(path);
  shrink(most_);
}

void PrefixCache::shrink(int64_t count) {
  while (size() > count) {
    const Node* const node = by_use_.back();
    by_use_.pop_back();
    blocks_.drop(node->block);
    Children& siblings = node->parent == nullptr ? roots_ : node->parent->children;
    const auto [first, last] = siblings.equal_range(node->hash);
    siblings.erase(std::find_if(first, last,
                                [node](const auto& child) { return child.second.get() == node; }));
  }
}

int64_t PrefixCache::unused() const {
  return std::ranges::count_if(
      by_use_, [this](const Node* node) { return blocks_.owners(node->block) == 1; });
}

}  // namespace nelumbo
