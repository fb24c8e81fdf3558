// SPDX-License-Identifier: Apache-2.0
#include "base/stop.h"

#include <atomic>

#include <signal.h>
#include <unistd.h>

namespace nelumbo {
namespace {

std::atomic<bool> requested = false;
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "used inside a signal handler");

void on_signal(int number) {
  if (number == SIGINT && interrupted.exchange(true))
    ::_exit(130);
  requested = true;
}

}  // namespace

void install_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() {
  return requested;
}

void request_stop() {
  requested = true;
}

}  // namespace nelumbo
