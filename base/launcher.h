// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace nelumbo {

/// A thread that starts processes for other threads. A process that is to die with its parent dies
/// with the thread that started it; what starts here lives as long as this object at most. Any
/// thread may call it.
class Launcher {
 public:
  Launcher();
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  /// Runs `start` in the thread and returns when it is done. `start` must not wait for anything.
  void run(const std::function<void()>& start);

 private:
  void serve();

  std::mutex turn_;  ///< one caller after the other
  std::mutex guard_;
  std::condition_variable changed_;
  const std::function<void()>* task_ = nullptr;
  bool closing_ = false;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace nelumbo
