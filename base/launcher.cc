// SPDX-License-Identifier: Apache-2.0
#include "base/launcher.h"

namespace nelumbo {

Launcher::Launcher() : thread_([this] { serve(); }) {}

Launcher::~Launcher() {
  {
    const std::lock_guard lock(guard_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Launcher::run(const std::function<void()>& start) {
  const std::lock_guard turn(turn_);
  std::unique_lock lock(guard_);
  task_ = &start;
  changed_.notify_all();
  changed_.wait(lock, [this] { return task_ == nullptr; });
}

void Launcher::serve() {
  std::unique_lock lock(guard_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || task_ != nullptr; });
    if (task_ == nullptr)
      return;
    (*task_)();
    task_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace nelumbo
