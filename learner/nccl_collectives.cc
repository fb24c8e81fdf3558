// SPDX-License-Identifier: Apache-2.0
#include "learner/nccl_collectives.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "learner/trading_ranks.h"

namespace nelumbo {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Bytes = std::span<std::byte>;
using ConstBytes = std::span<const std::byte>;

constexpr const char* kIdKey = "nccl/id";
const RankCall kMeeting{"meeting", 0};
/// How often a rank that waits looks at the board.
constexpr milliseconds kLook{100};
/// How long the ranks may take to part in peace.
constexpr milliseconds kParting{2000};

/// Between two questions whether a call is done: most are so at once.
void pause(Clock::duration waited) {
  if (waited < milliseconds(1))
    std::this_thread::yield();
  else
    std::this_thread::sleep_for(waited < kLook ? microseconds(100) : milliseconds(1));
}

/// Memory of the GPU that grows with what is asked of it.
struct Staging {
  std::byte* at = nullptr;
  size_t size = 0;

  Result<void> reserve(NcclDevice& device, size_t bytes) {
    if (bytes <= size)
      return {};
    if (at != nullptr)
      device.release(std::exchange(at, nullptr));
    size = 0;
    auto memory = device.allocate(bytes);
    if (!memory)
      return memory.error();
    at = memory.value();
    size = bytes;
    return {};
  }
};

class NcclRanks : public TradingRanks {
 public:
  NcclRanks(std::unique_ptr<NcclDevice> device, RankBoard board)
      : device_(std::move(device)), board_(std::move(board)) {}

  ~NcclRanks() override {
    if (!broken_.empty())
      return;
    board_.leave({"", calls_ + 1});
    if (const auto parting = device_->finish(); !parting || !wait(calls_, Clock::now() + kParting))
      let_go();
  }

  Result<void> meet(Deadline deadline) {
    return call(kMeeting, [&] { return join(deadline); });
  }

  int64_t rank() const override { return board_.rank(); }
  int64_t size() const override { return board_.size(); }

  void abort() override { aborted_ = true; }

 private:
  Result<void> trade(const char* name, ConstBytes given, size_t stride, Bytes got,
                     Deadline deadline) override {
    return call({name, ++calls_}, [&]() -> Result<void> {
      const size_t piece = got.size() / static_cast<size_t>(size());
      if (piece == 0)
        return {};
      if (auto room = reserve(given.size(), got.size()); !room)
        return room;
      if (auto begun = device_->copy_in(sent_.at, given); !begun)
        return begun;
      if (auto begun = device_->exchange(sent_.at, stride, received_.at, piece); !begun)
        return begun;
      if (auto traded = wait(calls_, deadline); !traded)
        return traded;
      if (auto begun = device_->copy_out(got, received_.at); !begun)
        return begun;
      if (auto copied = wait(calls_, deadline); !copied)
        return copied;
      const auto own = static_cast<size_t>(rank());
      std::ranges::copy(given.subspan(own * stride, piece), got.subspan(own * piece).begin());
      return {};
    });
  }

  Result<void> reserve(size_t given, size_t got) {
    if (auto room = sent_.reserve(*device_, given); !room)
      return room;
    return received_.reserve(*device_, got);
  }

  Result<void> join(Deadline deadline) {
    if (rank() == 0) {
      auto id = device_->new_id();
      if (!id)
        return id.error();
      const std::string text(id.value().begin(), id.value().end());
      if (auto told = board_.publish(kIdKey, text); !told)
        return told;
    }
    NcclId id;
    const auto found = [&]() -> Result<bool> {
      const auto text = board_.published(kIdKey);
      if (text && text->size() == id.size())
        std::ranges::copy(*text, id.begin());
      return text.has_value();
    };
    if (auto told = wait_for(found, kMeeting.number, deadline); !told)
      return told;
    if (auto begun = device_->join(id, rank(), size()); !begun)
      return begun;
    return wait(kMeeting.number, deadline);
  }

  /// Does the call, if none before it has failed.
  Result<void> call(const RankCall& which, const std::function<Result<void>()>& work) {
    if (broken_.empty()) {
      const Result<void> done = aborted_ ? Error{Errc::kUnavailable, ""} : work();
      if (done)
        return {};
      let_go();
      broken_ = aborted_ ? farewell(which) : board_.complaint(which, done.error().message);
    }
    return Error{Errc::kUnavailable, broken_};
  }

  /// What an aborted call says. The others need not wait for this rank.
  std::string farewell(const RankCall& which) {
    board_.leave(which);
    return "learner rank " + std::to_string(rank()) + ": " + which.text() +
           " was aborted; start the learner group anew";
  }

  Result<void> wait(int64_t number, Deadline deadline) {
    return wait_for([this] { return device_->done(); }, number, deadline);
  }

  Result<void> wait_for(const std::function<Result<bool>()>& done, int64_t number,
                        Deadline deadline) {
    const auto begin = Clock::now();
    auto next_look = begin + kLook;
    for (;;) {
      const auto answer = done();
      if (!answer)
        return answer.error();
      if (answer.value())
        return {};
      const auto now = Clock::now();
      if (aborted_)
        return Error{Errc::kUnavailable, "aborted"};
      if (now >= deadline)
        return Error{Errc::kUnavailable, "no answer by the deadline"};
      if (now >= next_look) {
        if (board_.someone_left(number))
          return Error{Errc::kUnavailable, "another rank has given up"};
        next_look = now + kLook;
      }
      pause(now - begin);
    }
  }

  /// What is under way ends in its own time, on a thread that may wait for it.
  void let_go() {
    std::thread([device = std::move(device_)]() mutable { device.reset(); }).detach();
  }

  std::unique_ptr<NcclDevice> device_;  ///< none once a call has failed
  RankBoard board_;
  int64_t calls_ = 0;
  std::string broken_;  ///< why no call is served any more
  Staging sent_, received_;
  std::atomic<bool> aborted_ = false;
};

}  // namespace

Result<std::unique_ptr<Collectives>> nccl_ranks(Result<std::unique_ptr<NcclDevice>> device,
                                                RankBoard board, Deadline deadline) {
  if (!device) {
    board.leave(kMeeting);
    return device.error();
  }
  auto ranks = std::make_unique<NcclRanks>(std::move(device).value(), std::move(board));
  if (auto met = ranks->meet(deadline); !met)
    return met.error();
  return std::unique_ptr<Collectives>(std::move(ranks));
}

}  // namespace nelumbo
