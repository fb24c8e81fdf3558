// SPDX-License-Identifier: Apache-2.0
#include "rollout/group_queue.h"

#include <algorithm>
#include <utility>

#include "kernels/kernels.h"
#include "model/engine_ops.h"
#include "rollout/request_size.h"

namespace nelumbo {
namespace {

int64_t blocks_of(int64_t positions) {
  return (positions + kKeyBlock - 1) / kKeyBlock;
}

/// Blocks of the prompt and of what each sequence has, and one more for each.
int64_t blocks_needed(const ActiveGroup& group) {
  const int64_t prompt = std::ssize(group.prompt), shared = prompt / kKeyBlock;
  int64_t needed = blocks_of(prompt);
  if (group.sequences.empty())
    return needed + group.request.samples;
  for (const Sequence& sequence : group.sequences)
    if (!sequence.done)
      needed += (prompt + std::ssize(sequence.inputs)) / kKeyBlock + 1 - shared;
  return needed;
}

int64_t blocks_held(const ActiveGroup& group) {
  int64_t held = std::ssize(group.table.ids);
  for (const Sequence& sequence : group.sequences)
    if (!sequence.table.ids.empty())
      held += std::ssize(sequence.table.ids) - std::ssize(group.prompt) / kKeyBlock;
  return held;
}

}  // namespace

GroupQueue::GroupQueue(const Network& network, const EngineConfig& config,
                       int64_t longest_observation)
    : network_(network),
      config_(config),
      longest_observation_(longest_observation),
      blocks_(block_floats(network), config.key_blocks),
      cache_(blocks_, config.prefix_blocks),
      pictures_(row_layout(network.config)) {}

Result<void> GroupQueue::submit(GroupRequest request) {
  const RequestSize size = request_size(request, longest_observation_);
  if (auto served = require_room(size, network_, config_); !served)
    return Error{served.error().code,
                 "prompt " + request.prompt->id + ": " + served.error().message};
  waiting_.push_back(std::move(request));
  return {};
}

/// Blocks that no group holds or is to get; what groups share is counted for each.
int64_t GroupQueue::free_blocks() const {
  int64_t taken = 0;
  for (const ActiveGroup& group : active_)
    if (!group.put_back)
      taken += std::max(blocks_held(group), blocks_needed(group));
  return blocks_.limit() - taken;
}

void GroupQueue::admit() {
  int64_t sequences = 0;
  for (ActiveGroup& group : active_) {
    if (group.put_back && blocks_needed(group) > free_blocks())
      return;
    group.put_back = false;
    sequences += group.left;
  }
  while (!waiting_.empty() && sequences < config_.max_batch) {
    const GroupRequest& next = waiting_.front();
    if (blocks_of(std::ssize(next.prompt->tokens)) + next.samples > free_blocks())
      return;
    ActiveGroup& group = active_.emplace_back(std::move(waiting_.front()), pictures_);
    waiting_.pop_front();
    group.left = group.request.samples;
    group.prompt = group.inputs(group.request.prompt->tokens, group.request.prompt->pixels,
                                network_.config.image_token_id);
    sequences += group.left;
  }
}

bool GroupQueue::waits(PolicyVersion version) const {
  return waiting_.empty() && !active_.empty() &&
         std::ranges::all_of(active_,
                             [&](const ActiveGroup& group) { return group.waits(version); });
}

bool GroupQueue::grow_prompt(ActiveGroup& group, int64_t positions) {
  if (!make_room(blocks_of(positions) - std::ssize(group.table.ids), group))
    return false;
  blocks_.grow(group.table, positions);
  return true;
}

bool GroupQueue::grow(ActiveGroup& group, Sequence& sequence, int64_t count) {
  const bool begins = sequence.table.ids.empty();
  const int64_t positions = group.length + sequence.stored + count;
  const int64_t held = begins ? group.length / kKeyBlock : std::ssize(sequence.table.ids);
  if (!make_room(blocks_of(positions) - held, group))
    return false;
  if (begins)
    sequence.table = blocks_.fork(group.table, group.length);
  blocks_.grow(sequence.table, positions);
  return true;
}

/// Sees to it that so many blocks are free, at the cost of groups younger than `group`.
bool GroupQueue::make_room(int64_t count, const ActiveGroup& group) {
  const auto youngest = [&]() -> ActiveGroup& {
    return *std::find_if(active_.rbegin(), active_.rend(),
                         [](const ActiveGroup& one) { return !one.put_back; });
  };
  while (blocks_.limit() - blocks_.in_use() < count) {
    if (cache_.size() > 0)
      cache_.shrink(cache_.size() - 1);
    else if (ActiveGroup& last = youngest(); &last != &group)
      put_back(last);
    else
      return false;
  }
  return true;
}

void GroupQueue::put_back(ActiveGroup& group) {
  release(group);
  group.put_back = true;
  ++put_back_;
  const auto swapped = [](const Sequence& s) { return !s.trajectory.swaps.empty(); };
  if (std::ranges::any_of(group.sequences, swapped))
    return group.begin_anew();
  for (Sequence& sequence : group.sequences) {
    sequence.known = std::max(sequence.known, sequence.stored);
    sequence.stored = 0;
  }
  group.length = 0;
  group.places = RowPlaces(pictures_.layout().axes);
}

/// Rows of pictures that are still to be read are those of the new weights, too, whoever else has
/// shown the picture before.
void GroupQueue::swap(PolicyVersion version) {
  cache_.shrink(0);
  for (ActiveGroup& group : active_) {
    for (const auto& picture : group.pictures)
      picture->features.clear();
    if (group.is_whole()) {
      group.swap(version);
      continue;
    }
    release(group);
    group.begin_anew();
  }
}

void GroupQueue::release(ActiveGroup& group) {
  for (Sequence& sequence : group.sequences)
    blocks_.release(sequence.table);
  blocks_.release(group.table);
}

void GroupQueue::cancel(GroupId id) {
  std::erase_if(waiting_, [&](const GroupRequest& request) { return request.id == id; });
  for (ActiveGroup& group : active_)
    if (group.request.id == id)
      release(group);
  std::erase_if(active_, [&](const ActiveGroup& group) { return group.request.id == id; });
}

std::vector<Group> GroupQueue::take_done() {
  std::vector<Group> done;
  for (ActiveGroup& group : active_) {
    if (group.left > 0)
      continue;
    done.push_back(group.answered(network_.products == EngineProducts::kAsStored));
    release(group);
  }
  std::erase_if(active_, [](const ActiveGroup& group) { return group.left == 0; });
  return done;
}

Occupancy GroupQueue::occupancy() const {
  Occupancy out{.waiting = std::ssize(waiting_),
                .key_blocks_in_use = blocks_.in_use() - cache_.unused(),
                .key_blocks = blocks_.limit()};
  for (const ActiveGroup& group : active_)
    out.running += group.left;
  return out;
}

}  // namespace nelumbo
