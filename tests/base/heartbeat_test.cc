// SPDX-License-Identifier: Apache-2.0
#include "base/heartbeat.h"

#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Heartbeat, BeatsUntilNobodyListens) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
  begin_heartbeat(ends[1], milliseconds(1));
  for (int beat = 0; beat < 3; ++beat) {
    pollfd heard{ends[0], POLLIN, 0};
    ASSERT_EQ(::poll(&heard, 1, 60'000), 1);
    char byte = 1;
    ASSERT_EQ(::read(ends[0], &byte, 1), 1);
  }
  ::close(ends[0]);  // SIGPIPE would end this process: the thread takes no signals
}

TEST(Silence, IsTheTimeSinceTheLastBeat) {
  const Silence::Clock::time_point begin{};
  Silence silence(begin, seconds(1));
  EXPECT_EQ(silence.look(begin + milliseconds(600)), milliseconds(600));
  EXPECT_EQ(silence.look(begin + milliseconds(1200)), milliseconds(1200));
  silence.heard(begin + milliseconds(1300));
  EXPECT_EQ(silence.look(begin + milliseconds(1400)), milliseconds(100));
}

TEST(Silence, DoesNotCountWhatTheListenerSleptThrough) {
  const Silence::Clock::time_point begin{};
  Silence silence(begin, seconds(1));
  EXPECT_EQ(silence.look(begin + seconds(3600)), seconds(1));
}

}  // namespace
}  // namespace nelumbo
