// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "learner/nccl_device.h"

namespace nelumbo {

/// NCCL among ranks that are threads, in memory of the host. What a rank begins is queued, as on a
/// stream, and goes on when that rank asks whether it is done. A rank that is destroyed leaves the
/// others waiting, as NCCL does on one machine.
class HostNccl : public std::enable_shared_from_this<HostNccl> {
 public:
  /// What goes wrong with one rank, from its n-th exchange on.
  struct Plan {
    int64_t exchange = 1;
    std::string error = "";            ///< what asking answers; none: it goes well
    std::chrono::milliseconds lag{0};  ///< how long it is under way at least, behind what it sent
    bool no_memory = false;            ///< of any kind, from the beginning on
  };

  std::map<int64_t, Plan> plans;
  /// Whether a rank that ends by force waits until all have ended.
  bool ends_together = false;

  std::unique_ptr<NcclDevice> device();

  /// Waits until that many ranks have ended, by force or in peace; how many by force.
  int ended(int ranks) {
    std::unique_lock lock(guard_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60),
                                  [&] { return by_force_ + in_peace_ >= ranks; }));
    return by_force_;
  }
  /// Pieces of memory that no rank has freed.
  int held() const {
    const std::lock_guard lock(guard_);
    return held_;
  }

 private:
  friend class HostNcclDevice;
  using Bytes = std::vector<std::byte>;

  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::set<int64_t> met_;
  std::map<std::pair<int64_t, int64_t>, std::deque<Bytes>> on_their_way_;  // from, to
  int forced_ = 0, by_force_ = 0, in_peace_ = 0, held_ = 0;
  int64_t ids_ = 0;
};

class HostNcclDevice : public NcclDevice {
 public:
  explicit HostNcclDevice(std::shared_ptr<HostNccl> world) : world_(std::move(world)) {}

  ~HostNcclDevice() override {
    std::unique_lock lock(world_->guard_);
    if (!finished_) {
      ++world_->forced_;
      world_->changed_.notify_all();
      if (world_->ends_together)
        world_->changed_.wait(lock, [this] { return world_->forced_ >= size_; });
    }
    ++(finished_ ? world_->in_peace_ : world_->by_force_);
    world_->held_ -= static_cast<int>(memory_.size());
    world_->changed_.notify_all();
  }

  Result<NcclId> new_id() override {
    const std::lock_guard lock(world_->guard_);
    NcclId id{};
    id[0] = '#';
    id[127] = static_cast<char>('0' + ++world_->ids_);
    return id;
  }

  Result<void> join(const NcclId& id, int64_t rank, int64_t size) override {
    EXPECT_EQ(id[0], '#');
    EXPECT_EQ(id[127], '1') << "one id, which rank 0 has made";
    rank_ = rank;
    size_ = size;
    queue_.emplace_back([this] {
      world_->met_.insert(rank_);
      return std::ssize(world_->met_) == size_;
    });
    return {};
  }

  Result<std::byte*> allocate(size_t bytes) override {
    const std::lock_guard lock(world_->guard_);
    if (plan().no_memory)
      return Error{Errc::kUnavailable, "cudaMalloc: out of memory"};
    ++world_->held_;
    memory_.emplace_back(bytes, std::byte{0xff});
    return memory_.back().data();
  }

  void release(std::byte* memory) override {
    idle("release");
    const std::lock_guard lock(world_->guard_);
    --world_->held_;
    EXPECT_EQ(std::erase_if(memory_, [&](const auto& m) { return m.data() == memory; }), 1U);
  }

  Result<void> copy_in(std::byte* to, std::span<const std::byte> from) override {
    queue_.emplace_back([to, bytes = HostNccl::Bytes(from.begin(), from.end())] {
      std::ranges::copy(bytes, to);
      return true;
    });
    return {};
  }

  Result<void> copy_out(std::span<std::byte> to, const std::byte* from) override {
    idle("copy_out");
    std::copy_n(from, to.size(), to.begin());
    return {};
  }

  Result<void> exchange(const std::byte* sent, size_t stride, std::byte* received,
                        size_t piece) override {
    ++exchanges_;
    queue_.emplace_back([=, this] {
      for (int64_t r = 0; r < size_; ++r)
        if (const std::byte* from = sent + static_cast<size_t>(r) * stride; r != rank_)
          world_->on_their_way_[{rank_, r}].emplace_back(from, from + piece);
      return true;
    });
    queue_.emplace_back([=, this] {
      for (int64_t r = 0; r < size_; ++r)
        if (r != rank_ && world_->on_their_way_[{r, rank_}].empty())
          return false;
      for (int64_t r = 0; r < size_; ++r)
        if (r != rank_)
          receive(r, received + static_cast<size_t>(r) * piece, piece);
      return true;
    });
    queue_.emplace_back(
        [this, planned = plan(), until = Clock::now() + plan().lag, number = exchanges_] {
          return number < planned.exchange || Clock::now() >= until;
        });
    return {};
  }

  Result<bool> done() override {
    const std::lock_guard lock(world_->guard_);
    if (exchanges_ >= plan().exchange && !plan().error.empty())
      return Error{Errc::kUnavailable, plan().error};
    while (!queue_.empty() && queue_.front()())
      queue_.pop_front();
    return queue_.empty();
  }

  Result<void> finish() override {
    idle("finish");
    finished_ = true;
    return {};
  }

 private:
  using Clock = std::chrono::steady_clock;

  HostNccl::Plan plan() const {
    const auto planned = world_->plans.find(rank_);
    return planned == world_->plans.end() ? HostNccl::Plan() : planned->second;
  }

  void idle(const char* call) const {
    EXPECT_TRUE(queue_.empty()) << call << " would wait for what is under way";
  }

  void receive(int64_t from, std::byte* to, size_t piece) {
    auto& waiting = world_->on_their_way_[{from, rank_}];
    EXPECT_EQ(waiting.front().size(), piece) << "rank " << from << " to rank " << rank_;
    std::ranges::copy(waiting.front(), to);
    waiting.pop_front();
  }

  std::shared_ptr<HostNccl> world_;
  int64_t rank_ = 0, size_ = 1, exchanges_ = 0;
  bool finished_ = false;
  std::deque<std::function<bool()>> queue_;  ///< each answers whether it is done
  std::vector<HostNccl::Bytes> memory_;
};

inline std::unique_ptr<NcclDevice> HostNccl::device() {
  return std::make_unique<HostNcclDevice>(shared_from_this());
}

}  // namespace nelumbo
