// SPDX-License-Identifier: Apache-2.0
#include "learner/rank_meeting.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <ATen/ops/empty.h>
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "base/check.h"
#include "learner/nccl_collectives.h"
#include "learner/rank_board.h"
#include "learner/trading_ranks.h"

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using Store = c10::intrusive_ptr<c10d::Store>;
using Work = c10::intrusive_ptr<c10d::Work>;

constexpr const char* kLoopback = "127.0.0.1";
/// How much later than its deadline a call of Gloo may end by itself.
constexpr milliseconds kSlack{2000};

milliseconds left_until(Deadline deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::clamp(std::chrono::duration_cast<milliseconds>(left), milliseconds(1),
                    milliseconds(std::chrono::hours(24)));
}

/// What another thread tells of a call: that it ended, or that it was aborted.
struct Signal {
  std::mutex guard;
  std::condition_variable changed;
  bool ended = false;
  bool aborted = false;
};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

class GlooRanks : public TradingRanks {
 public:
  GlooRanks(RankBoard board, std::unique_ptr<c10d::ProcessGroupGloo> group)
      : board_(std::move(board)), group_(std::move(group)) {}

  /// A call that was left behind ends in its own time: the threads that wait for it may.
  ~GlooRanks() override {
    if (!broken_.empty())
      std::thread([group = std::move(group_)]() mutable { group.reset(); }).detach();
  }

  int64_t rank() const override { return board_.rank(); }
  int64_t size() const override { return board_.size(); }

  void abort() override {
    const std::lock_guard lock(signal_->guard);
    signal_->aborted = true;
    signal_->changed.notify_all();
  }

 private:
  /// A call's memory is its own: one that is left behind may still write into it.
  Result<void> trade(const char* name, std::span<const std::byte> given, size_t stride,
                     std::span<std::byte> got, Deadline deadline) override {
    at::Tensor sent = at::empty({std::ssize(given)}, at::kByte);
    at::Tensor received = at::empty({std::ssize(got)}, at::kByte);
    std::ranges::copy(given, static_cast<std::byte*>(sent.mutable_data_ptr()));
    auto done = call(name, deadline, [&](milliseconds limit) {
      std::vector<int64_t> equal;
      return stride == 0
                 ? group_->all_gather_single(received, sent, {.timeout = limit})
                 : group_->all_to_all_single(received, sent, equal, equal, {.timeout = limit});
    });
    if (done)
      std::copy_n(static_cast<const std::byte*>(received.const_data_ptr()), got.size(),
                  got.begin());
    return done;
  }

  Result<void> call(const std::string& name, Deadline deadline,
                    const std::function<Work(milliseconds)>& start) {
    ++calls_;
    if (broken_.empty())
      broken_ = wait({name, calls_}, deadline, start);
    if (broken_.empty())
      return {};
    return Error{Errc::kUnavailable, broken_};
  }

  /// Empty, or why the call did not end well.
  std::string wait(const RankCall& place, Deadline deadline,
                   const std::function<Work(milliseconds)>& start) {
    try {
      const Work work = start(left_until(deadline));
      work->getFuture()->addCallback([signal = signal_](auto& /*future*/) {
        const std::lock_guard lock(signal->guard);
        signal->ended = true;
        signal->changed.notify_all();
      });
      std::unique_lock lock(signal_->guard);
      // Gloo's own limit comes first: its sentence names the peer.
      signal_->changed.wait_for(lock, left_until(deadline) + kSlack,
                                [this] { return signal_->ended || signal_->aborted; });
      if (signal_->aborted)
        return "learner rank " + std::to_string(rank()) + ": " + place.text() +
               " was aborted; start the learner group anew";
      const bool ended = std::exchange(signal_->ended, false);
      lock.unlock();
      if (!ended)
        return board_.complaint(place, "no answer by the deadline");
      work->wait();
      return {};
    } catch (const std::exception& e) {
      return board_.complaint(place, first_line(e.what()));
    }
  }

  RankBoard board_;
  std::unique_ptr<c10d::ProcessGroupGloo> group_;
  int64_t calls_ = 0;
  std::string broken_;  ///< why no call is served any more
  std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
};

Result<std::unique_ptr<Collectives>> gloo_ranks(const Store& store, RankBoard board,
                                                milliseconds limit) {
  auto options = c10::make_intrusive<c10d::ProcessGroupGloo::Options>(limit);
  options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(kLoopback));
  auto group = std::make_unique<c10d::ProcessGroupGloo>(
      store, static_cast<int>(board.rank()), static_cast<int>(board.size()), std::move(options));
  return std::unique_ptr<Collectives>(
      std::make_unique<GlooRanks>(std::move(board), std::move(group)));
}

class StoreMeeting : public RankMeeting {
 public:
  StoreMeeting(RankLink link, std::function<Store(int64_t size)> open)
      : link_(link), open_(std::move(open)) {}

  Result<std::unique_ptr<Collectives>> join(int64_t rank, int64_t size,
                                            Deadline deadline) override {
    NELUMBO_CHECK(rank >= 0 && rank < size) << "rank " << rank << " of " << size;
    try {
      const Store store = open_(size);
      const milliseconds limit = left_until(deadline);
      store->setTimeout(limit);
      const std::shared_ptr<c10d::Store> shared(store.get(), [store](c10d::Store* /*held*/) {});
      const RankBoard board(shared, rank, size);
      return link_ == RankLink::kNccl ? nccl_ranks(nccl_device(rank), board, deadline)
                                      : gloo_ranks(store, board, limit);
    } catch (const std::exception& e) {
      return Error{Errc::kUnavailable, "learner rank " + std::to_string(rank) + " of " +
                                           std::to_string(size) +
                                           " could not meet the others: " + first_line(e.what())};
    }
  }

 private:
  RankLink link_;
  std::function<Store(int64_t size)> open_;
};

}  // namespace

// RankMeeting's, for learner/torch_library.h.

extern "C" std::shared_ptr<RankMeeting> nelumbo_torch_ranks_in_process(RankLink link) {
  return std::make_shared<StoreMeeting>(
      link,
      [store = Store(c10::make_intrusive<c10d::HashStore>())](int64_t /*size*/) { return store; });
}

extern "C" std::shared_ptr<RankMeeting> nelumbo_torch_ranks_at_file(const std::string& path,
                                                                    RankLink link) {
  return std::make_shared<StoreMeeting>(link, [path](int64_t size) -> Store {
    return c10::make_intrusive<c10d::FileStore>(path, static_cast<int>(size));
  });
}

}  // namespace nelumbo
