// SPDX-License-Identifier: Apache-2.0
#include "base/process_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/patient_output.h"
#include "base/progress.h"

namespace nelumbo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostLines = 50;
constexpr size_t kLongestLine = 400;
constexpr int kSacrifice = 500;  // where memory runs out, a fork is killed, not who tells of it
constexpr std::chrono::milliseconds kLook{1000};     // between two looks when nothing is heard
constexpr std::chrono::milliseconds kPatience{500};  // with who reads our stderr

/// Processes that the kernel has killed for want of memory since the machine started; 0 where it
/// does not tell.
int64_t kills_for_memory() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  for (int64_t count = 0; file >> name >> count;)
    if (name == "oom_kill")
      return count;
  return 0;
}

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// Closes what was opened for a fork that does not come.
Error no_fork(const std::string& what, int cause, const std::array<int, 4>& opened) {
  for (const int one : opened)
    if (one >= 0)
      ::close(one);
  return {Errc::kEnvironment, what + ": " + std::strerror(cause)};
}

}  // namespace

void LastLines::add(std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte == '\n')
      end_line();
    else if (byte == '\r')
      open_.clear();
    else if (open_.size() < kLongestLine)
      open_ += byte;
  }
}

void LastLines::end_line() {
  if (open_.empty())
    return;
  lines_.push_back(std::exchange(open_, {}));
  if (lines_.size() > kMostLines)
    lines_.pop_front();
}

std::string ending_text(const ProcessEnd& end) {
  if (!WIFSIGNALED(end.status))
    return "exit code " + std::to_string(WEXITSTATUS(end.status));
  const int number = WTERMSIG(end.status);
  return "signal " + std::to_string(number) + " (" + ::strsignal(number) + ")" +
         (end.out_of_memory ? " for want of memory" : "") +
         (end.silent ? " since it gave no sign of life" : "");
}

ProcessWatch::ProcessWatch(std::chrono::milliseconds most_silence) : most_silence_(most_silence) {
  sigset_t held;
  ::sigemptyset(&held);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD})
    ::sigaddset(&held, number);
  if (!is_ignored(SIGHUP))
    ::sigaddset(&held, SIGHUP);
  ::sigprocmask(SIG_BLOCK, &held, &before_);
  ::signal(SIGCHLD, SIG_DFL);  // ignored, it would leave nothing to wait for
  signals_ = ::signalfd(-1, &held, SFD_NONBLOCK | SFD_CLOEXEC);
}

ProcessWatch::~ProcessWatch() {
  if (signals_ < 0)
    return;
  ::close(signals_);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Result<bool> ProcessWatch::fork() {
  std::array<int, 4> ends = {-1, -1, -1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0 || ::pipe2(ends.data() + 2, O_CLOEXEC | O_NONBLOCK) != 0)
    return no_fork("no pipe", errno, ends);
  const Pipe errors{ends[0], ends[1]}, beats{ends[2], ends[3]};
  const pid_t parent = ::getpid();
  killed_for_memory_ = kills_for_memory();
  begin_ = Clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become_fork(parent, errors, beats);
    return true;
  }
  if (pid < 0)
    return no_fork("no process", errno, ends);
  ::close(errors.theirs);
  ::close(beats.theirs);
  ::fcntl(errors.ours, F_SETFL, O_NONBLOCK);
  errors_ = errors.ours;
  beats_ = beats.ours;
  silence_ = Silence(Clock::now(), kLook);
  pid_ = pid;
  last_ = {};
  if (asked_)  // a moment ago, when there was nobody to ask
    ::kill(pid_, SIGTERM);
  return false;
}

void ProcessWatch::become_fork(pid_t parent, Pipe errors, Pipe beats) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(127);
  std::ofstream("/proc/self/oom_score_adj") << kSacrifice;
  ::close(errors.ours);
  ::close(beats.ours);
  set_progress_screen(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  ::dup2(errors.theirs, STDERR_FILENO);
  ::close(errors.theirs);
  ::close(std::exchange(signals_, -1));
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  if (most_silence_.count() > 0)
    begin_heartbeat(beats.theirs, std::min(most_silence_ / 8, kLook));
  else
    ::close(beats.theirs);
}

ProcessEnd ProcessWatch::wait() {
  ProcessEnd end;
  end.pid = pid_;
  rusage usage{};
  while (::wait4(pid_, &end.status, WNOHANG, &usage) == 0) {
    look(most_silence_.count() > 0 ? std::min(most_silence_ / 4, kLook) : kLook);
    end.silent = listen() || end.silent;
  }
  while (relay()) {
  }
  ::close(std::exchange(errors_, -1));
  ::close(std::exchange(beats_, -1));
  pid_ = 0;
  end.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  end.peak_memory_mb = usage.ru_maxrss / 1024;
  end.out_of_memory = WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL &&
                      kills_for_memory() > killed_for_memory_;
  last_.end_line();
  end.last_words = last_.lines();
  return end;
}

bool ProcessWatch::listen() {
  const auto now = Clock::now();
  for (std::array<char, 64> bytes; ::read(beats_, bytes.data(), bytes.size()) > 0;)
    silence_.heard(now);
  if (most_silence_.count() == 0 || silence_.look(now) < most_silence_)
    return false;
  ::kill(pid_, SIGKILL);
  return true;
}

void ProcessWatch::pause(std::chrono::milliseconds time) {
  const auto until = Clock::now() + time;
  for (auto now = Clock::now(); now < until && !asked_; now = Clock::now())
    look(std::chrono::ceil<std::chrono::milliseconds>(until - now));
}

/// Waits until there is something to do, and does it.
void ProcessWatch::look(std::chrono::milliseconds most) {
  std::array<pollfd, 2> heard = {pollfd{signals_, POLLIN, 0}, pollfd{errors_, POLLIN, 0}};
  ::poll(heard.data(), heard.size(), static_cast<int>(most.count()));
  (void)relay();
  heed();
}

void ProcessWatch::heed() {
  signalfd_siginfo heard{};
  while (::read(signals_, &heard, sizeof heard) == sizeof heard) {
    if (heard.ssi_signo == SIGCHLD)
      continue;
    asked_ = true;
    interrupts_ += heard.ssi_signo == SIGINT ? 1 : 0;
    // SIGTERM for either: Ctrl-C has reached the fork already, and twice would end it at once.
    if (pid_ > 0)
      ::kill(pid_, interrupts_ > 1 ? SIGKILL : SIGTERM);
  }
}

bool ProcessWatch::relay() {
  std::array<char, 1 << 14> piece;
  while (errors_ >= 0) {
    const ssize_t got = ::read(errors_, piece.data(), piece.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      // Whoever holds its other end still may write; one at its end is never ready again.
      if (got == 0)
        ::close(std::exchange(errors_, -1));
      return false;
    }
    const std::string_view heard(piece.data(), static_cast<size_t>(got));
    show(heard);
    last_.add(heard);
    return true;
  }
  return false;
}

void ProcessWatch::show(std::string_view heard) {
  const auto left = [](std::string_view bytes) {
    return write_patiently(STDERR_FILENO, bytes, kPatience);
  };
  if (dropped_ > 0 && left("\nwarning: " + std::to_string(dropped_) +
                           " bytes of stderr were dropped, since nobody read them\n") == 0)
    dropped_ = 0;
  dropped_ += dropped_ > 0 ? heard.size() : left(heard);
}

}  // namespace nelumbo
