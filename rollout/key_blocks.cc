// SPDX-License-Identifier: Apache-2.0
#include "rollout/key_blocks.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace nelumbo {
namespace {

constexpr int64_t kSlabFloats = int64_t{8} << 20;

}  // namespace

int32_t KeyBlocks::take() {
  NELUMBO_CHECK(in_use_ < limit_) << "more than " << limit_ << " key blocks";
  ++in_use_;
  if (free_.empty()) {
    const int64_t blocks = std::max<int64_t>(kSlabFloats / std::max<int64_t>(floats_, 1), 1);
    const int64_t place = std::ssize(memory_) % blocks;
    if (place == 0)
      slabs_.emplace_back(std::min(blocks, limit_ - std::ssize(memory_)) * floats_);
    memory_.push_back(slabs_.back().data() + place * floats_);
    owners_.push_back(1);
    return static_cast<int32_t>(memory_.size()) - 1;
  }
  const int32_t id = free_.back();
  free_.pop_back();
  owners_[static_cast<size_t>(id)] = 1;
  return id;
}

void KeyBlocks::grow(Table& table, int64_t positions) {
  while (std::ssize(table.ids) * kKeyBlock < positions) {
    table.ids.push_back(take());
    table.memory.push_back(memory_[static_cast<size_t>(table.ids.back())]);
  }
}

KeyBlocks::Table KeyBlocks::fork(const Table& table, int64_t positions) {
  const auto full = static_cast<size_t>(positions / kKeyBlock);
  Table forked;
  for (size_t i = 0; i < full; ++i)
    share(table.ids[i], forked);
  if (positions % kKeyBlock != 0) {
    grow(forked, positions);
    std::memcpy(forked.memory[full], table.memory[full],
                sizeof(float) * static_cast<size_t>(floats_));
  }
  return forked;
}

void KeyBlocks::share(int32_t id, Table& table) {
  hold(id);
  table.ids.push_back(id);
  table.memory.push_back(memory_[static_cast<size_t>(id)]);
}

void KeyBlocks::drop(int32_t id) {
  if (--owners_[static_cast<size_t>(id)] > 0)
    return;
  free_.push_back(id);
  --in_use_;
}

void KeyBlocks::release(Table& table) {
  for (const int32_t id : table.ids)
    drop(id);
  table = {};
}

}  // namespace nelumbo
