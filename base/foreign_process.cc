// SPDX-License-Identifier: Apache-2.0
#include "base/foreign_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process_tree.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr std::chrono::milliseconds kFirstLook{10};  // what answers sooner is not looked at
constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::milliseconds kLastBreath{500};  // for a process that closed its output
constexpr std::chrono::seconds kReap{5};               // for one that was killed
constexpr int64_t kMostProcesses = 64;
constexpr int64_t kLargestFile = int64_t{1} << 30;
constexpr size_t kLastWords = 2000;
constexpr int64_t kLookEvery = 256;     // exchanges
constexpr double kExchangesLong = 100;  // CPU time of a life, in that of an exchange
constexpr rlim_t kDescriptors = 256;
constexpr rlim_t kProcessesOfUser = 4096;  // the last resort: it counts all that the user runs

struct Limit {
  decltype(RLIMIT_AS) what;
  rlimit value;
};

/// All that a new process needs, made before the fork.
struct Start {
  std::vector<std::string> words;
  std::vector<char*> arguments;
  std::string folder;
  std::vector<Limit> limits;
  int in = -1, out = -1, errors = -1;  ///< its ends
  pid_t parent = 0;
};

std::array<char*, 4> environment() {
  static std::string path = "PATH=/usr/local/bin:/usr/bin:/bin", language = "LANG=C.UTF-8",
                     home = "HOME=/tmp";
  return {path.data(), language.data(), home.data(), nullptr};
}

std::vector<Limit> limits_of(const ProgramLimits& limits) {
  const auto same = [](rlim_t value) { return rlimit{value, value}; };
  const auto cpu = static_cast<rlim_t>(
      std::ceil(kExchangesLong * limits.cpu_seconds + limits.start_seconds) + 1);
  return {{RLIMIT_AS, same(static_cast<rlim_t>(limits.memory_bytes))},
          {RLIMIT_CPU, {cpu, cpu + 1}},
          {RLIMIT_FSIZE, same(static_cast<rlim_t>(kMostWritten))},
          {RLIMIT_NOFILE, same(kDescriptors)},
          {RLIMIT_NPROC, same(kProcessesOfUser)},
          {RLIMIT_CORE, same(0)}};
}

/// In the new process: only calls that are safe behind a fork of a process with threads.
[[noreturn]] void become(const Start& start, char* const* environment) {
  const auto give_up = [](const char* what) {
    (void)!::write(STDERR_FILENO, what, std::strlen(what));
    ::_exit(127);
  };
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != start.parent)
    ::_exit(127);
  ::dup2(start.in, STDIN_FILENO);
  ::dup2(start.out, STDOUT_FILENO);
  ::dup2(start.errors, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  for (const int ignored : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD})
    (void)std::signal(ignored, SIG_DFL);
  if (::chdir(start.folder.c_str()) != 0)
    give_up("its folder cannot be entered");
  for (const Limit& limit : start.limits)
    if (::setrlimit(limit.what, &limit.value) != 0)
      give_up("a limit of resources cannot be set");
  ::execve(start.arguments.front(), start.arguments.data(), environment);
  give_up("it cannot be executed: is its first line, #!, right, and is it for this machine?");
  ::_exit(127);
}

/// A pipe that no other child gets.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  Pipe() { (void)!::pipe2(ends.data(), O_CLOEXEC); }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0)
        ::close(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool is_open() const { return ends[0] >= 0; }
  /// An end that does not block, which the caller closes.
  int take(size_t end) {
    const int taken = std::exchange(ends[end], -1);
    ::fcntl(taken, F_SETFL, ::fcntl(taken, F_GETFL) | O_NONBLOCK);
    return taken;
  }
};

Result<void> check_unchanged(const ForeignProgram& program) {
  for (const ProgramFile& file : program.files) {
    const auto bytes = read_file(file.path, kLargestFile);
    if (!bytes)
      return Error{Errc::kUnavailable, bytes.error().message};
    if (xxh3_128_hex(bytes_of(bytes.value())) != file.hash)
      return Error{Errc::kUnavailable,
                   file.path + " changed since the specification was read; read that again"};
  }
  return {};
}

/// write() that says EPIPE and sends no signal.
ssize_t write_without_signal(int descriptor, const char* bytes, size_t size) {
  sigset_t pipe, before;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
  const ssize_t written = ::write(descriptor, bytes, size);
  const int failure = errno;
  if (written < 0 && failure == EPIPE) {
    const timespec at_once{};
    ::sigtimedwait(&pipe, nullptr, &at_once);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = failure;
  return written;
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

/// A shell, and bubblewrap, end with 128 + the signal that ended what they ran.
std::optional<int> signal_of(int status) {
  if (WIFSIGNALED(status))
    return WTERMSIG(status);
  if (WIFEXITED(status) && WEXITSTATUS(status) > 128 && WEXITSTATUS(status) < 128 + NSIG)
    return WEXITSTATUS(status) - 128;
  return std::nullopt;
}

std::string cause_of(int status) {
  if (const auto signal = signal_of(status))
    return "it was ended by signal " + std::to_string(*signal) + " (" + ::strsignal(*signal) + ")";
  return "it ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<std::unique_ptr<ForeignProcess>> ForeignProcess::start(Wall wall,
                                                              const ForeignProgram& program) {
  if (auto same = check_unchanged(program); !same)
    return same.error();
  Pipe in, out, errors;
  if (!in.is_open() || !out.is_open() || !errors.is_open())
    return Error{Errc::kUnavailable, "no more pipes: " + std::string(std::strerror(errno))};
  Start start;
  start.words = walled(wall, program);
  for (std::string& word : start.words)
    start.arguments.push_back(word.data());
  start.arguments.push_back(nullptr);
  start.folder = program.folder;
  start.limits = limits_of(program.limits);
  start.in = in.ends[0];
  start.out = out.ends[1];
  start.errors = errors.ends[1];
  start.parent = ::getpid();
  const std::array<char*, 4> variables = environment();
  const pid_t pid = ::fork();
  if (pid == 0)
    become(start, variables.data());
  if (pid < 0)
    return Error{Errc::kUnavailable, "no more processes: " + std::string(std::strerror(errno))};
  std::unique_ptr<ForeignProcess> started(new ForeignProcess(pid, program.limits));
  started->in_ = in.take(1);
  started->out_ = out.take(0);
  started->errors_ = errors.take(0);
  return started;
}

ForeignProcess::~ForeignProcess() {
  kill();
  for (const int descriptor : {in_, out_, errors_})
    if (descriptor >= 0)
      ::close(descriptor);
}

bool ForeignProcess::is_ready() {
  pollfd output{out_, POLLIN, 0};
  const bool silent = ::poll(&output, 1, 0) == 0;
  return !is_gone_ && heard_.empty() && silent && cpu_ < (kExchangesLong - 1) * limits_.cpu_seconds;
}

Exchange ForeignProcess::exchange(const std::string& line) {
  cpu_at_start_.reset();
  Exchange result = converse(line + "\n");
  if (result.end != Exchange::End::kReply) {
    kill();
  } else if (++exchanges_ % kLookEvery == 0) {
    cpu_ = tree_usage(pid_, kMostProcesses).cpu_seconds;
  }
  return result;
}

Exchange ForeignProcess::converse(std::string unsent) {
  const auto begin = Clock::now();
  const double seconds = limits_.wall_seconds + time_to_start();
  const auto deadline = begin + duration_of(seconds);
  auto next_look = begin + kFirstLook;
  while (true) {
    wait(!unsent.empty(), std::min(deadline, next_look));
    // Asked before the last read: a process that it left behind may hold its output open.
    const bool has_died = Clock::now() >= next_look && has_ended();
    read_errors();
    if (auto over = read_reply())
      return *over;
    if (auto line = whole_line(!unsent.empty()))
      return *line;
    if (has_died)
      return died();
    if (!unsent.empty())
      send(unsent);
    const auto now = Clock::now();
    if (now >= deadline)
      return {Exchange::End::kTimeout,
              with_last_words("no reply within " + number_text(seconds) + " s (wall)")};
    if (now < next_look)
      continue;
    if (auto excess = look())
      return *excess;
    next_look = now + kLook;
  }
}

void ForeignProcess::wait(bool has_unsent, Clock::time_point until) {
  std::array<pollfd, 3> streams{
      {{out_, POLLIN, 0}, {errors_, POLLIN, 0}, {has_unsent ? in_ : -1, POLLOUT, 0}}};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
  const int64_t milliseconds = std::clamp<int64_t>(left.count() + 1, 0, 1000);
  ::poll(streams.data(), streams.size(), static_cast<int>(milliseconds));
}

void ForeignProcess::send(std::string& unsent) {
  const ssize_t written = write_without_signal(in_, unsent.data(), unsent.size());
  if (written > 0)
    unsent.erase(0, static_cast<size_t>(written));
  else if (written < 0 && errno != EAGAIN && errno != EINTR)
    unsent.clear();  // it reads no more: its end of the other pipe, or the deadline, says the rest
}

void ForeignProcess::read_errors() {
  std::array<char, 4096> bytes{};
  for (int reads = 0; reads < 16 && errors_ >= 0; ++reads) {
    const ssize_t got = ::read(errors_, bytes.data(), bytes.size());
    if (got == 0) {
      ::close(errors_);
      errors_ = -1;
    }
    if (got <= 0)
      return;
    last_words_.append(bytes.data(), static_cast<size_t>(got));
    if (last_words_.size() > kLastWords)
      last_words_.erase(0, last_words_.size() - kLastWords);
  }
}

std::optional<Exchange> ForeignProcess::read_reply() {
  std::array<char, 16384> bytes{};
  while (std::ssize(heard_) <= limits_.reply_bytes) {
    const ssize_t got = ::read(out_, bytes.data(), bytes.size());
    if (got > 0)
      heard_.append(bytes.data(), static_cast<size_t>(got));
    else if (got == 0 && heard_.find('\n') == std::string::npos)
      return died();
    else if (got == 0 || errno != EINTR)
      return std::nullopt;
  }
  return Exchange{
      Exchange::End::kFailed,
      "its reply is longer than " + std::to_string(limits_.reply_bytes / 1024) + " KB (output_kb)"};
}

std::optional<Exchange> ForeignProcess::whole_line(bool has_unsent) {
  const size_t end = heard_.find('\n');
  if (end == std::string::npos)
    return std::nullopt;
  if (end + 1 != heard_.size())
    return Exchange{Exchange::End::kFailed, "it replied with more than one line: '" +
                                                valid_utf8(shortened(heard_.substr(end + 1))) +
                                                "'"};
  if (has_unsent)
    return Exchange{Exchange::End::kFailed, "it replied before it had read the request"};
  Exchange reply{Exchange::End::kReply, heard_.substr(0, end)};
  heard_.clear();
  return reply;
}

std::optional<Exchange> ForeignProcess::look() {
  const TreeUsage usage = tree_usage(pid_, kMostProcesses + 1);
  cpu_ = std::max(cpu_, usage.cpu_seconds);
  if (!cpu_at_start_)
    cpu_at_start_ = usage.cpu_seconds;
  const double seconds = limits_.cpu_seconds + time_to_start();
  if (usage.cpu_seconds - *cpu_at_start_ > seconds)
    return Exchange{Exchange::End::kTimeout,
                    "it used more than " + number_text(seconds) + " s of CPU time (cpu)"};
  if (usage.resident_bytes > limits_.memory_bytes)
    return Exchange{Exchange::End::kFailed, "it took more than " +
                                                std::to_string(limits_.memory_bytes >> 20) +
                                                " MB of memory (memory_mb)"};
  if (usage.processes > kMostProcesses)
    return Exchange{Exchange::End::kFailed,
                    "it started more than " + std::to_string(kMostProcesses) + " processes"};
  return std::nullopt;
}

/// It is waited for only when its group was killed: until then no other process has its number.
bool ForeignProcess::has_ended() const {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid != 0;
}

Exchange ForeignProcess::died() {
  const auto deadline = Clock::now() + kLastBreath;
  bool has_died = has_ended();
  while (!has_died && Clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    has_died = has_ended();
  }
  read_errors();
  kill();
  if (!has_died)
    return {Exchange::End::kFailed, with_last_words("it closed its output")};
  std::string cause = cause_of(status_);
  if (!heard_.empty())
    cause += " in the middle of a line";
  return {signal_of(status_) == SIGXCPU ? Exchange::End::kTimeout : Exchange::End::kFailed,
          with_last_words(std::move(cause))};
}

void ForeignProcess::kill() {
  if (is_gone_)
    return;
  kill_tree(pid_);
  const auto deadline = Clock::now() + kReap;
  while (::waitpid(pid_, &status_, WNOHANG) == 0 && Clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  is_gone_ = true;
}

std::string ForeignProcess::with_last_words(std::string cause) {
  const std::string_view words = trimmed(last_words_);
  if (words.empty())
    return cause;
  return cause + "; its last words: " + valid_utf8(words.substr(words.rfind('\n') + 1));
}

}  // namespace nelumbo
