// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace nelumbo {

/// Says that this process is alive: a thread of its own writes a byte into `pipe` each `interval`,
/// from now on for as long as the process lives and somebody reads. What is stopped, or gets no
/// processor, falls silent. Takes over `pipe`, which must not block; no signal is handled there.
void begin_heartbeat(int pipe, std::chrono::milliseconds interval);

/// What the one who reads counts: the time since the last byte, as far as this process lived
/// through it. While it stood still itself (Ctrl-Z, a machine that sleeps) it heard nobody.
class Silence {
 public:
  using Clock = std::chrono::steady_clock;

  /// `step`: the longest time between two looks that counts in full.
  Silence(Clock::time_point now, std::chrono::milliseconds step) : last_(now), step_(step) {}

  void heard(Clock::time_point now);
  /// Looks at the clock: how long it has been silent.
  Clock::duration look(Clock::time_point now);

 private:
  Clock::time_point last_;
  std::chrono::milliseconds step_;
  Clock::duration lasted_{};
};

}  // namespace nelumbo
