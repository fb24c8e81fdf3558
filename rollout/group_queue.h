// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/error.h"
#include "model/network.h"
#include "rollout/config.h"
#include "rollout/key_blocks.h"
#include "rollout/prefix_cache.h"
#include "rollout/sequence.h"
#include "rollout/serving_engine.h"

namespace nelumbo {

/// The groups that wait and those that an engine works on, oldest first, and the blocks that hold
/// their keys and values.
///
/// A group comes in when there is room for its prompt and for a block more of every sequence.
/// Where blocks run out, those that are merely kept for later prompts give way, then the youngest
/// group is put back: its keys are given up, and computed again from its tokens, to the same bits,
/// when there is room. So the oldest group always goes on. Where other weights came meanwhile, the
/// bits would not be the same, and the group begins anew.
class GroupQueue {
 public:
  /// `network` must outlive it.
  GroupQueue(const Network& network, const EngineConfig& config, int64_t longest_observation);
  GroupQueue(const GroupQueue&) = delete;
  GroupQueue& operator=(const GroupQueue&) = delete;

  /// Queues a request, or says why it can never be served.
  Result<void> submit(GroupRequest request);
  /// Lets groups that were put back go on, then waiting ones in.
  void admit();
  bool idle() const { return waiting_.empty() && active_.empty(); }
  /// Nothing is left but for other weights than these.
  bool waits(PolicyVersion version) const;
  std::deque<ActiveGroup>& active() { return active_; }

  /// Gives the prompt of `group` blocks for so many positions, or says that it has to wait.
  bool grow_prompt(ActiveGroup& group, int64_t positions);
  /// The same for `count` more inputs of one of its sequences.
  bool grow(ActiveGroup& group, Sequence& sequence, int64_t count);
  void release(Sequence& sequence) { blocks_.release(sequence.table); }
  PrefixCache& cache() { return cache_; }

  /// Other weights draw from here on (Engine::load).
  void swap(PolicyVersion version);
  /// Forgets a group, if it is there.
  void cancel(GroupId id);
  /// Takes out the groups whose sequences are all done.
  std::vector<Group> take_done();
  Occupancy occupancy() const;
  /// Groups that were put back, each as often as it was.
  int64_t put_back() const { return put_back_; }

 private:
  int64_t free_blocks() const;
  bool make_room(int64_t count, const ActiveGroup& group);
  void put_back(ActiveGroup& group);
  void release(ActiveGroup& group);

  const Network& network_;
  EngineConfig config_;
  int64_t longest_observation_;
  KeyBlocks blocks_;
  PrefixCache cache_;
  PictureBook pictures_;
  std::deque<GroupRequest> waiting_;
  std::deque<ActiveGroup> active_;
  int64_t put_back_ = 0;
};

}  // namespace nelumbo
