// SPDX-License-Identifier: Apache-2.0
#include "actors/child_processes.h"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fstream>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nelumbo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{20};       // between two looks at the processes
constexpr std::chrono::milliseconds kFirstWait{50};  // before one that ended is started again
constexpr std::chrono::milliseconds kLastWait{2000};

/// In the new process: only calls that are safe behind a fork of a process with threads.
[[noreturn]] void become(const std::vector<char*>& arguments, int log, pid_t parent) {
  ::setpgid(0, 0);  // Ctrl-C is for the coordinator, which then ends this process in good order
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(127);
  if (log >= 0) {
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
  }
  ::close_range(STDERR_FILENO + 1, ~0U, 0);  // files and sockets of the coordinator are its own
  ::execv("/proc/self/exe", arguments.data());
  ::_exit(127);
}

std::string last_line(const std::string& path) {
  std::ifstream file(path);
  std::string line, last;
  while (std::getline(file, line))
    if (!line.empty())
      last = line;
  return last;
}

std::string cause_of(int status, const std::string& log) {
  std::string cause = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status)) + " (" +
                                                ::strsignal(WTERMSIG(status)) + ")"
                                          : "exit code " + std::to_string(WEXITSTATUS(status));
  if (const std::string last = log.empty() ? "" : last_line(log); !last.empty())
    cause += "; its last words in " + log + ": " + last;
  return cause;
}

}  // namespace

class ChildProcesses::Keeper {
 public:
  explicit Keeper(OnEnd on_end) : on_end_(std::move(on_end)), thread_([this] { keep(); }) {}

  ~Keeper() {
    {
      const std::lock_guard lock(guard_);
      closing_ = true;
      for (One& one : all_)
        make_end(one, SIGKILL, {});
    }
    changed_.notify_all();
    thread_.join();
  }

  void start(Child child) {
    const std::lock_guard lock(guard_);
    all_.emplace_back().child = std::move(child);
    changed_.notify_all();
  }

  void end(const std::string& worker) {
    const std::lock_guard lock(guard_);
    for (One& one : all_)
      if (one.child.worker == worker && !one.kill)
        make_end(one, SIGTERM, kGrace);
  }

 private:
  struct One {
    Child child;
    pid_t pid = 0;                          ///< 0: does not run
    std::optional<Clock::time_point> kill;  ///< was asked to end, and is made to then
    Clock::time_point next_start{};
    std::chrono::milliseconds wait = kFirstWait;
  };

  static void make_end(One& one, int signal, std::chrono::seconds grace) {
    if (one.pid == 0)
      return;
    ::kill(one.pid, signal);
    one.kill = Clock::now() + grace;
  }

  /// Processes die with the thread that started them: this one lives as long as all of them.
  void keep() {
    std::unique_lock lock(guard_);
    while (!closing_ || std::ranges::any_of(all_, [](const One& one) { return one.pid != 0; })) {
      std::vector<std::pair<Child, std::string>> ended;
      for (One& one : all_)
        look_after(one, ended);
      lock.unlock();
      for (const auto& [child, cause] : ended)
        on_end_(child, cause);
      lock.lock();
      changed_.wait_for(lock, kLook);
    }
  }

  void look_after(One& one, std::vector<std::pair<Child, std::string>>& ended) {
    const auto now = Clock::now();
    if (one.pid == 0) {
      if (!closing_ && now >= one.next_start)
        one.pid = fork_child(one.child);
      return;
    }
    if (one.kill && now >= *one.kill)
      ::kill(one.pid, SIGKILL);
    int status = 0;
    if (::waitpid(one.pid, &status, WNOHANG) != one.pid)
      return;
    const bool obeyed = status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    if (!one.kill || (now < *one.kill && !obeyed))  // else it ended since it was asked or made to
      ended.emplace_back(one.child, cause_of(status, one.child.log));
    one.pid = 0;
    one.kill.reset();
    one.next_start = now + one.wait;
    one.wait = std::min(2 * one.wait, kLastWait);
  }

  static pid_t fork_child(const Child& child) {
    std::vector<std::string> words = {"nelumbo"};
    words.insert(words.end(), child.arguments.begin(), child.arguments.end());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
      arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int log = child.log.empty() ? -1
                                      : ::open(child.log.c_str(),
                                               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0)
      become(arguments, log, parent);
    if (log >= 0)
      ::close(log);
    return std::max(pid, 0);
  }

  OnEnd on_end_;
  std::mutex guard_;
  std::condition_variable changed_;
  std::list<One> all_;
  bool closing_ = false;
  std::thread thread_;  ///< last: it uses the others
};

ChildProcesses::ChildProcesses(OnEnd on_end)
    : keeper_(std::make_unique<Keeper>(std::move(on_end))) {}

ChildProcesses::~ChildProcesses() = default;

void ChildProcesses::start(Child child) {
  keeper_->start(std::move(child));
}

void ChildProcesses::end(const std::string& worker) {
  keeper_->end(worker);
}

}  // namespace nelumbo
