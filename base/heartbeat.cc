// SPDX-License-Identifier: Apache-2.0
#include "base/heartbeat.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

#include <unistd.h>

namespace nelumbo {

void begin_heartbeat(int pipe, std::chrono::milliseconds interval) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // the thread inherits it
  std::thread([pipe, interval] {
    // A pipe that is full says that the reader stands still, not that nobody is there.
    while (::write(pipe, "", 1) == 1 || errno == EAGAIN || errno == EINTR)
      std::this_thread::sleep_for(interval);
    ::close(pipe);
  }).detach();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Silence::heard(Clock::time_point now) {
  last_ = now;
  lasted_ = {};
}

Silence::Clock::duration Silence::look(Clock::time_point now) {
  lasted_ += std::min<Clock::duration>(now - last_, step_);
  last_ = now;
  return lasted_;
}

}  // namespace nelumbo
