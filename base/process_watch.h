// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/error.h"
#include "base/heartbeat.h"

namespace nelumbo {

/// The last whole lines of a stream, for people: at most 50, each cut at 400 bytes. What a carriage
/// return writes over is gone.
class LastLines {
 public:
  void add(std::string_view bytes);
  const std::deque<std::string>& lines() const { return lines_; }
  /// Takes what stands behind the last end of a line for a line, too.
  void end_line();

 private:
  std::deque<std::string> lines_;
  std::string open_;  ///< the line that is not at its end
};

/// How a watched process ended.
struct ProcessEnd {
  pid_t pid = 0;
  int status = 0;              ///< as waitpid() gives it
  double seconds = 0;          ///< that it lived
  int64_t peak_memory_mb = 0;  ///< resident, of the process alone
  bool out_of_memory = false;  ///< SIGKILL, and the kernel killed for want of memory meanwhile
  bool silent = false;         ///< it gave no sign of life, and was killed for that
  std::deque<std::string> last_words;  ///< last lines of its stderr
};

/// "signal 9 (Killed)" or "exit code 3".
std::string ending_text(const ProcessEnd& end);

/// Forks of this process that it watches over, one after the other. A fork dies with this process
/// (SIGKILL), however that ends; its stderr goes through this process, which keeps the last lines,
/// and drops what nobody reads for half a second (a pipe that is full, a terminal that was
/// stopped); SIGTERM, SIGINT and SIGHUP to this process ask the fork to stop (SIGTERM), a second
/// SIGINT kills it. SIGHUP stays ignored where it is (nohup).
///
/// REQUIRES: the process has one thread for as long as this object lives, and what those signals do
/// in a fork is arranged before.
class ProcessWatch {
 public:
  /// Holds back those signals, and SIGCHLD. A fork of which nothing is heard for `most_silence`
  /// (base/heartbeat.h) is killed; 0: it never is.
  explicit ProcessWatch(std::chrono::milliseconds most_silence = {});
  ~ProcessWatch();
  ProcessWatch(const ProcessWatch&) = delete;
  ProcessWatch& operator=(const ProcessWatch&) = delete;

  /// True in the fork, where signals are no longer held back and this object has nothing more to
  /// do; false in this process. kEnvironment when the system has no process to give.
  Result<bool> fork();
  /// Returns when the fork has ended. REQUIRES: fork() gave false.
  ProcessEnd wait();
  /// Waits so long, or until somebody asks to stop.
  void pause(std::chrono::milliseconds time);
  bool asked_to_stop() const { return asked_; }
  /// Asked a second time by SIGINT.
  bool asked_to_end_at_once() const { return interrupts_ > 1; }

 private:
  /// Our end of a pipe that does not block, and the fork's.
  struct Pipe {
    int ours = -1, theirs = -1;
  };

  void become_fork(pid_t parent, Pipe errors, Pipe beats);
  /// Kills the fork where it has been silent for too long: whether it was.
  bool listen();
  void look(std::chrono::milliseconds most);
  void heed();
  /// Hands a piece of the fork's stderr on: whether there was one.
  bool relay();
  void show(std::string_view heard);

  sigset_t before_{};
  int signals_ = -1;  ///< signalfd
  int errors_ = -1;   ///< our end of the fork's stderr
  int beats_ = -1;    ///< and of the pipe that it beats into
  pid_t pid_ = 0;     ///< 0: no fork lives
  std::chrono::milliseconds most_silence_;
  Silence silence_{{}, {}};
  std::chrono::steady_clock::time_point begin_{};
  int64_t killed_for_memory_ = 0;  ///< by the kernel, when the fork began
  LastLines last_;
  size_t dropped_ = 0;  ///< bytes of stderr that nobody read, until somebody is told
  bool asked_ = false;
  int interrupts_ = 0;
};

}  // namespace nelumbo
