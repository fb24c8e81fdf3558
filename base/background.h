// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <utility>

namespace nelumbo {

/// Whether somebody waits for background work. Any thread may call.
class Haste {
 public:
  void hurry();
  /// Sleeps so long, or until somebody hurries.
  void sleep(std::chrono::nanoseconds time);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hurried_ = false;
};

/// Gives way from now on in the calling thread, until `haste` is hurried: beside threads that
/// compute it gets a seventieth of a core (nice 19), and `give_way` has it rest. `haste` must
/// outlive the thread.
void work_in_background(Haste& haste);

/// To be called in work that may be done in the background, behind each millisecond or so of it.
/// There it rests 39 times as long as it computed since the last call: who shares a core with a
/// thread of a team keeps the whole team waiting. Does nothing in any other thread.
void give_way();

/// Work in a thread of its own that gives way until somebody waits for it. One owner; no lock. Its
/// end waits for the work.
template <class T>
class BackgroundWork {
 public:
  /// None.
  BackgroundWork() = default;
  explicit BackgroundWork(std::function<T()> work)
      : haste_(std::make_shared<Haste>()),
        result_(std::async(std::launch::async, [haste = haste_, work = std::move(work)] {
          work_in_background(*haste);
          return work();
        })) {}
  BackgroundWork(BackgroundWork&&) noexcept = default;
  BackgroundWork& operator=(BackgroundWork&&) noexcept = default;
  ~BackgroundWork() {
    if (result_.valid())
      haste_->hurry();
  }

  /// Whether there is work whose result nobody took.
  bool valid() const { return result_.valid(); }
  /// Whether it is done now, or within that time. REQUIRES: valid().
  bool done_within(std::chrono::nanoseconds time) const {
    haste_->hurry();
    return result_.wait_for(time) == std::future_status::ready;
  }
  /// Returns when it is done. REQUIRES: valid().
  void wait() const {
    haste_->hurry();
    result_.wait();
  }
  /// Waits. REQUIRES: valid(), and not any more behind it.
  T take() {
    haste_->hurry();
    return result_.get();
  }

 private:
  std::shared_ptr<Haste> haste_;
  std::future<T> result_;
};

}  // namespace nelumbo
