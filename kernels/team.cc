// SPDX-License-Identifier: Apache-2.0
#include "kernels/team.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "base/check.h"

namespace nelumbo {

namespace {

constexpr std::chrono::microseconds kSpin{50};

thread_local bool inside_task = false;

// Returns once `value` was seen to differ from `old`: spins first, for the next call usually comes
// within microseconds, then sleeps.
template <class T>
void wait_for_change(const std::atomic<T>& value, T old) {
  const auto deadline = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 32; ++i) {
      if (value.load(std::memory_order_acquire) != old)
        return;
      __builtin_ia32_pause();
    }
  } while (std::chrono::steady_clock::now() < deadline);
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

// A call is a generation. Its tasks form one share for each thread; a thread takes its own share
// first, which keeps data in its cache, and then any share whose owner has not come yet: so a
// member that is parked or preempted costs the others its work, never its absence.
struct Team::Impl {
  explicit Impl(int thread_count)
      : threads(thread_count), taken(static_cast<size_t>(thread_count)) {
    for (int member = 1; member < threads; ++member)
      workers.emplace_back([this, member] { serve(member); });
  }

  ~Impl() {
    stopping = true;
    generation.fetch_add(1, std::memory_order_release);
    generation.notify_all();
    for (std::thread& worker : workers)
      worker.join();
  }

  void serve(int member) {
    uint32_t seen = 0;
    while (true) {
      wait_for_change(generation, seen);
      seen = generation.load(std::memory_order_acquire);
      if (stopping)
        return;
      run_shares(member, seen);
    }
  }

  void run_shares(int member, uint32_t call) {
    for (int i = 0; i < threads; ++i) {
      const int share = (member + i) % threads;
      // Fails for a member that comes after the call has ended: each share was taken in it.
      uint32_t before = call - 1;
      if (!taken[static_cast<size_t>(share)].compare_exchange_strong(before, call))
        continue;
      run_share(share);
      if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1)
        pending.notify_one();
    }
  }

  void run_share(int share) {
    inside_task = true;
    const int64_t end = tasks * (share + 1) / threads;
    for (int64_t i = tasks * share / threads; i < end; ++i)
      (*task)(i);
    inside_task = false;
  }

  void run(int64_t count, const std::function<void(int64_t)>& work) {
    const std::lock_guard<std::mutex> lock(callers);
    tasks = count;
    task = &work;
    pending.store(threads, std::memory_order_relaxed);
    const uint32_t call = generation.fetch_add(1, std::memory_order_release) + 1;
    generation.notify_all();
    run_shares(0, call);
    for (int left = pending.load(std::memory_order_acquire); left != 0;
         left = pending.load(std::memory_order_acquire))
      wait_for_change(pending, left);
  }

  const int threads;
  std::mutex callers;  // held while the members below belong to one call
  int64_t tasks = 0;
  const std::function<void(int64_t)>* task = nullptr;
  std::atomic<uint32_t> generation{0};
  std::atomic<int> pending{0};               // shares not done
  std::vector<std::atomic<uint32_t>> taken;  // by share: the latest call in which it was taken
  std::atomic<bool> stopping{false};
  std::vector<std::thread> workers;
};

Team::Team(int threads) {
  NELUMBO_CHECK(threads >= 1) << "a team of " << threads << " threads";
  impl_ = std::make_unique<Impl>(threads);
}

Team::~Team() = default;

int Team::threads() const {
  return impl_->threads;
}

void Team::run(int64_t tasks, const std::function<void(int64_t)>& task) {
  NELUMBO_CHECK(!inside_task) << "Team::run was called from inside a task";
  if (impl_->threads > 1 && tasks > 1) {
    impl_->run(tasks, task);
    return;
  }
  inside_task = true;
  for (int64_t i = 0; i < tasks; ++i)
    task(i);
  inside_task = false;
}

}  // namespace nelumbo
