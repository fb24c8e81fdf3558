// SPDX-License-Identifier: Apache-2.0
#include "base/patient_output.h"

#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

namespace nelumbo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr suseconds_t kTick = 20'000;  // microseconds between two looks at the clock

/// Interrupts calls that wait, again and again: the first alarm may come before the call does.
class Alarms {
 public:
  Alarms() {
    struct sigaction action {};
    action.sa_handler = [](int) {};  // and no SA_RESTART
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGALRM, &action, nullptr);
    set(kTick);
  }
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;
  ~Alarms() { set(0); }

 private:
  static void set(suseconds_t tick) {
    const itimerval timer{{0, tick}, {0, tick}};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
  }
};

}  // namespace

size_t write_patiently(int descriptor, std::string_view bytes, std::chrono::milliseconds patience) {
  const Alarms alarms;
  auto deadline = Clock::now() + patience;
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
      deadline = Clock::now() + patience;
      continue;
    }
    if ((errno != EINTR && errno != EAGAIN) || Clock::now() >= deadline)
      break;
    if (errno == EAGAIN) {  // whoever shares the descriptor has made it so
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, kTick / 1000);
    }
  }
  return bytes.size();
}

std::streamsize PatientBuffer::xsputn(const char* bytes, std::streamsize count) {
  const auto size = static_cast<size_t>(count);
  return count -
         static_cast<std::streamsize>(write_patiently(descriptor_, {bytes, size}, patience_));
}

PatientBuffer::int_type PatientBuffer::overflow(int_type byte) {
  const char one = traits_type::to_char_type(byte);
  return xsputn(&one, 1) == 1 ? byte : traits_type::eof();
}

}  // namespace nelumbo
