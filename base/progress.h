// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// Where progress is shown. Tests give their own clock and writer.
struct ProgressTarget {
  std::function<void(std::string_view)> write;
  std::function<double()> seconds;  ///< a clock that never steps back
  bool silent = false;
  bool terminal = false;  ///< one line that is rewritten, instead of one line every 10 s
  bool color = false;
  int64_t columns = 80;
};

/// Where people see what this process writes to stderr, if that goes through another process first:
/// asked for its kind and width. STDERR_FILENO unless told.
void set_progress_screen(int descriptor);

/// stderr, a line if it is a terminal; in colour unless NO_COLOR is set or TERM is dumb.
ProgressTarget standard_progress_target(bool silent);

/// Shows how far a loop has come:
///
///     rl 120/300 [########............]  40 %  eta 2m05s  reward 0.41
///
/// One owner; no lock.
class Progress {
 public:
  /// `first` is where counting starts: what a resumed run had done already says nothing about its
  /// speed.
  Progress(std::string title, int64_t first, int64_t total, ProgressTarget target);

  /// May be called as often as there is news; shows it a few times a second at most.
  void update(int64_t done, std::string_view text);

  /// Shows the last state and ends the line.
  void finish(std::string_view text);

 private:
  void show(std::string_view text);
  std::string line(std::string_view text) const;

  std::string title_;
  int64_t first_;
  int64_t total_;
  int64_t done_;
  ProgressTarget target_;
  double start_;
  std::optional<double> shown_;  ///< when; never yet: none
  std::string written_;          ///< the last line, if not to a terminal; not said twice
  size_t width_ = 0;             ///< columns that the unfinished line takes
};

}  // namespace nelumbo
