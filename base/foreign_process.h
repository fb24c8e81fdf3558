// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/error.h"
#include "base/sandbox.h"

namespace nelumbo {

/// What came of one line that was sent to a foreign program.
struct Exchange {
  enum class End {
    kReply,       ///< `text` is its line, without the end of the line
    kTimeout,     ///< a limit of time (wall or CPU) ran out
    kFailed,      ///< it died, said too much, or took more than it may
    kNotStarted,  ///< there was no program to ask
  };
  End end = End::kNotStarted;
  std::string text;  ///< the reply, or what went wrong
};

/// A running foreign program that answers one line with one line. It has pipes for its streams and
/// nothing else of ours: no descriptors, no environment, a session of its own, limits of resources.
/// It is killed with all it started when it breaks a limit, when this object ends, and when the
/// thread that started it does. One owner at a time; any thread.
class ForeignProcess {
 public:
  /// Starts it. kUnavailable when a file of it changed since it was read, or the system has no
  /// process to give. That the program itself cannot be executed shows in the first exchange.
  static Result<std::unique_ptr<ForeignProcess>> start(Wall wall, const ForeignProgram& program);
  ~ForeignProcess();
  ForeignProcess(const ForeignProcess&) = delete;
  ForeignProcess& operator=(const ForeignProcess&) = delete;

  /// Whether it lives, has said nothing unasked and has not used up the CPU time of its life, which
  /// is that of a hundred exchanges.
  bool is_ready();
  /// Sends `line` with an end of line behind, and waits for one line. After anything but a reply
  /// the program is dead. REQUIRES: is_ready(), no end of line in `line`.
  Exchange exchange(const std::string& line);
  pid_t pid() const { return pid_; }

 private:
  using Clock = std::chrono::steady_clock;

  ForeignProcess(pid_t pid, const ProgramLimits& limits) : pid_(pid), limits_(limits) {}

  Exchange converse(std::string unsent);
  /// Waits for something to read or write, until `until` at most.
  void wait(bool has_unsent, Clock::time_point until);
  void send(std::string& unsent);
  void read_errors();
  /// Reads what there is; what went wrong, or nothing.
  std::optional<Exchange> read_reply();
  /// The whole line that was read.
  std::optional<Exchange> whole_line(bool has_unsent);
  /// Looks at what it takes; what is too much, or nothing.
  std::optional<Exchange> look();
  /// Seconds that this exchange gets on top.
  double time_to_start() const { return exchanges_ == 0 ? limits_.start_seconds : 0; }
  bool has_ended() const;
  Exchange died();
  void kill();
  std::string with_last_words(std::string cause);

  pid_t pid_;
  ProgramLimits limits_;
  int in_ = -1, out_ = -1, errors_ = -1;  ///< our ends of its streams
  int status_ = 0;                        ///< as waitpid() gave it
  bool is_gone_ = false;
  std::string heard_, last_words_;
  double cpu_ = 0;                      ///< seconds of its life, when it was looked at last
  std::optional<double> cpu_at_start_;  ///< of the exchange
  int64_t exchanges_ = 0;
};

}  // namespace nelumbo
