// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

namespace nelumbo {

/// Seconds to wait before try number `attempt` (1 is the first retry): base * 2^(attempt - 1),
/// never more than `most`, times 0.5 to 1 as `u` in [0, 1) says; or what the server asked for, if
/// that is longer, and no more than `most` either.
double backoff_seconds(int64_t attempt, double base, double most, double u,
                       std::optional<double> retry_after);

/// Keeps calls from a server that fails: closed it lets all through; after `failures` in a row it
/// is open for `seconds`, doubled each time up to 32 times; then it is half-open and lets one call
/// through, which closes it or opens it again. Times are seconds since any fixed moment. Any
/// thread.
class CircuitBreaker {
 public:
  CircuitBreaker(int64_t failures, double seconds) : limit_(failures), pause_(seconds) {}

  enum class Pass { kNo, kYes, kProbe };

  /// Whether a call may be made now. Who was let through tells how it went, by one of these.
  Pass admit(double now);
  /// True when it was open and closes.
  bool succeeded();
  /// True when it was closed and opens.
  bool failed(double now, Pass pass);
  /// It was not waited for.
  void abandoned(Pass pass);

  bool open() const;
  int64_t openings() const;

 private:
  mutable std::mutex mutex_;
  int64_t limit_;
  double pause_;
  int64_t in_a_row_ = 0, openings_ = 0;
  double factor_ = 1, open_until_ = 0;
  bool open_ = false, probing_ = false;
};

}  // namespace nelumbo
