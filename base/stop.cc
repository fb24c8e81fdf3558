// SPDX-License-Identifier: Apache-2.0
#include "base/stop.h"

#include <atomic>
#include <string_view>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace nelumbo {
namespace {

std::atomic<bool> requested = false;
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "used inside a signal handler");

constexpr unsigned kLastSeconds = 10;
constexpr std::string_view kAtOnce =
    "\nended at once by the second Ctrl-C; what was saved before stays\n";

void on_signal(int number) {
  if (number == SIGINT && interrupted.exchange(true)) {
    pollfd screen{STDERR_FILENO, POLLOUT, 0};
    if (::poll(&screen, 1, 0) == 1)  // it may be a pipe that nobody reads
        [[maybe_unused]]
      const auto told = ::write(STDERR_FILENO, kAtOnce.data(), kAtOnce.size());
    ::_exit(130);
  }
  requested = true;
}

void handle_all(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(number, nullptr, &before);
    if (number != SIGHUP || before.sa_handler != SIG_IGN)
      ::sigaction(number, &action, nullptr);
  }
}

}  // namespace

void install_stop_signals() {
  handle_all(on_signal);
}

void remove_stop_signals() {
  handle_all(SIG_DFL);
  ::signal(SIGALRM, SIG_DFL);
  if (requested)
    ::alarm(kLastSeconds);
}

bool stop_requested() {
  return requested;
}

void request_stop() {
  requested = true;
}

}  // namespace nelumbo
