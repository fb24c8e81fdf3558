// SPDX-License-Identifier: Apache-2.0
#include "base/stop.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

namespace nelumbo {
namespace {

// What is asked for once is asked for as long as the process lives, so each test has its own.

TEST(StopDeathTest, TurnsASignalIntoARequest) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const auto story = [number] {
      install_stop_signals();
      if (stop_requested())
        ::exit(1);
      ::raise(number);
      ::exit(stop_requested() ? 0 : 2);
    };
    EXPECT_EXIT(story(), testing::ExitedWithCode(0), "");
  }
}

TEST(StopDeathTest, EndsAtOnceOnTheSecondInterrupt) {
  const auto story = [] {
    install_stop_signals();
    ::raise(SIGTERM);
    ::raise(SIGINT);
    ::raise(SIGTERM);
    ::raise(SIGINT);
    ::exit(1);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(130), "ended at once by the second Ctrl-C");
}

TEST(StopDeathTest, LeavesAHangUpIgnoredWhereItIs) {
  const auto story = [] {
    ::signal(SIGHUP, SIG_IGN);
    install_stop_signals();
    ::raise(SIGHUP);
    ::exit(stop_requested() ? 1 : 0);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(0), "");
}

TEST(StopDeathTest, EndsTheProgramAgainWhereNothingIsLeftToBeSaved) {
  const auto story = [] {
    install_stop_signals();
    remove_stop_signals();
    ::raise(SIGTERM);
    ::exit(1);
  };
  EXPECT_EXIT(story(), testing::KilledBySignal(SIGTERM), "");
}

TEST(StopDeathTest, CanBeAskedForByTheProgram) {
  const auto story = [] {
    request_stop();
    ::exit(stop_requested() ? 0 : 1);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace nelumbo
