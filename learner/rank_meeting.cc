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

class GlooRanks : public Collectives {
 public:
  GlooRanks(RankBoard board, std::unique_ptr<c10d::ProcessGroupGloo> group)
      : board_(std::move(board)),
        group_(std::move(group)),
        rank_(board_.rank()),
        size_(board_.size()) {}

  /// A call that was left behind ends in its own time: the threads that wait for it may.
  ~GlooRanks() override {
    if (!broken_.empty())
      std::thread([group = std::move(group_)]() mutable { group.reset(); }).detach();
  }

  int64_t rank() const override { return rank_; }
  int64_t size() const override { return size_; }

  Result<void> reduce_scatter_sum(std::span<const float> values, std::span<float> mine,
                                  Deadline deadline) override {
    NELUMBO_CHECK(std::ssize(values) == size_ * std::ssize(mine)) << "pieces of unequal size";
    at::Tensor given = tensor_of(values);
    at::Tensor got = at::empty({std::ssize(values)}, at::kFloat);
    std::vector<int64_t> equal;
    auto done = call("reduce_scatter", deadline, [&](milliseconds limit) {
      return group_->all_to_all_single(got, given, equal, equal, {.timeout = limit});
    });
    if (!done)
      return done;
    const float* piece = got.const_data_ptr<float>();
    std::copy_n(piece, mine.size(), mine.begin());
    for (int64_t r = 1; r < size_; ++r) {
      piece += mine.size();
      for (size_t i = 0; i < mine.size(); ++i)
        mine[i] += piece[i];
    }
    return {};
  }

  Result<void> all_gather(std::span<const float> mine, std::span<float> all,
                          Deadline deadline) override {
    return gather<float>(mine, all, deadline);
  }
  Result<void> all_gather(std::span<const double> mine, std::span<double> all,
                          Deadline deadline) override {
    return gather<double>(mine, all, deadline);
  }

  Result<void> barrier(Deadline deadline) override {
    std::vector<float> all(static_cast<size_t>(size_));
    return gather<float>(std::vector<float>{0}, all, deadline);
  }

  void abort() override {
    const std::lock_guard lock(signal_->guard);
    signal_->aborted = true;
    signal_->changed.notify_all();
  }

 private:
  /// The calls' memory is theirs: one that is left behind may still write into it.
  template <class T>
  static at::Tensor tensor_of(std::span<const T> values) {
    at::Tensor tensor = at::empty({std::ssize(values)}, c10::CppTypeToScalarType<T>::value);
    std::ranges::copy(values, tensor.mutable_data_ptr<T>());
    return tensor;
  }

  template <class T>
  Result<void> gather(std::span<const T> mine, std::span<T> all, Deadline deadline) {
    NELUMBO_CHECK(std::ssize(all) == size_ * std::ssize(mine)) << "pieces of unequal size";
    at::Tensor given = tensor_of(mine);
    at::Tensor got = at::empty({std::ssize(all)}, given.options());
    auto done = call("all_gather", deadline, [&](milliseconds limit) {
      return group_->all_gather_single(got, given, {.timeout = limit});
    });
    if (done)
      std::copy_n(got.const_data_ptr<T>(), all.size(), all.begin());
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
        return "learner rank " + std::to_string(rank_) + ": " + place.text() +
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
  int64_t rank_, size_;
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
