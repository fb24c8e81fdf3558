// SPDX-License-Identifier: Apache-2.0
#include "apps/supervisor.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "actors/crash_book.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest() {
    put_file(folder_ / "config.resolved.yaml", "run: {}\n");
    put_file(folder_ / "STATUS", "running since this process started\n");
  }

  /// What comes of forks that do `work` and end with the exit code that it gives.
  SupervisedEnd supervise(int64_t restarts, const std::function<int(int64_t attempt)>& work) {
    Supervisor supervisor({.place = folder_.path(),
                           .restarts = restarts,
                           .hung_after = hung_after_,
                           .say = [this](const std::string& line) { said_.push_back(line); }});
    const auto last = supervisor.run();
    if (!last)
      ::_exit(work(supervisor.attempt()));
    return *last;
  }
  int64_t reports() const { return faults_in(folder_.path()); }

  const TemporaryFolder folder_;
  std::vector<std::string> said_;
  double hung_after_ = 0;
};

int die(int number) {
  return ::kill(::getpid(), number);
}

TEST_F(SupervisorTest, GoesOnWhereAProcessWasKilledAndSaysSo) {
  const SupervisedEnd end =
      supervise(3, [](int64_t attempt) { return attempt == 1 ? die(SIGKILL) : 0; });
  EXPECT_FALSE(end.error.has_value());
  EXPECT_EQ(end.code, 0);
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_TRUE(has(said_[0], "signal 9 (Killed); goes on from the newest checkpoint (restart 1 "));
  EXPECT_TRUE(has(said_[0], folder_ / "faults/1.json"));
}

TEST_F(SupervisorTest, StopsBehindAProcessThatStandsStillTwiceAtTheSameStep) {
  hung_after_ = 0.5;
  const SupervisedEnd end = supervise(9, [](int64_t) {
    ::kill(::getpid(), SIGSTOP);
    return static_cast<int>(::sleep(60));
  });
  ASSERT_TRUE(end.error.has_value());
  EXPECT_EQ(end.code, 5);
  EXPECT_TRUE(has(end.error->message, "gave no sign of life")) << end.error->message;
  ASSERT_FALSE(said_.empty());
  EXPECT_TRUE(has(said_[0], "goes on from the newest checkpoint"));
}

TEST_F(SupervisorTest, GoesOnBehindALostWorker) {
  const SupervisedEnd end = supervise(3, [this](int64_t attempt) {
    if (attempt == 1)
      put_file(folder_ / "summary.json", R"({"cause": "learner rank 0", "resumable": true})");
    return attempt == 1 ? 3 : 0;
  });
  EXPECT_FALSE(end.error.has_value());
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(reports(), 1);
  EXPECT_TRUE(has(said_[0], "learner rank 0"));
}

TEST_F(SupervisorTest, LeavesAnEndThatTheRunGaveItself) {
  for (const int code : {0, 2, 3, 4, 5, 6, 75}) {
    const SupervisedEnd end = supervise(3, [code](int64_t) { return code; });
    EXPECT_FALSE(end.error.has_value());
    EXPECT_EQ(end.code, code);
  }
  EXPECT_EQ(reports(), 0);
  EXPECT_TRUE(said_.empty());
}

TEST_F(SupervisorTest, StopsBehindTheSameFailureTwice) {
  const SupervisedEnd end = supervise(9, [](int64_t) { return die(SIGSEGV); });
  ASSERT_TRUE(end.error.has_value());
  EXPECT_EQ(end.code, 5);
  EXPECT_TRUE(has(end.error->message, "ended by signal 11")) << end.error->message;
  EXPECT_EQ(reports(), 2);
}

TEST_F(SupervisorTest, GoesOnWithoutAPromptThatTwoProcessesCrashedOver) {
  const SupervisedEnd end = supervise(9, [this](int64_t) {
    if (CrashBook(folder_.path()).holds("train/7"))
      return 0;
    std::fputs("crashed over prompt: train/7\n", stderr);
    return die(SIGSEGV);
  });
  EXPECT_FALSE(end.error.has_value());
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(reports(), 2);
}

TEST_F(SupervisorTest, StopsWhereTheBudgetIsUsedUp) {
  const SupervisedEnd end = supervise(2, [](int64_t) { return die(SIGKILL); });
  ASSERT_TRUE(end.error.has_value());
  EXPECT_EQ(end.code, 3);
  EXPECT_TRUE(has(end.error->message, "all 2 restarts")) << end.error->message;
  EXPECT_EQ(reports(), 3);
}

TEST_F(SupervisorTest, SaysThatASecondInterruptEndedIt) {
  const auto story = [this] {
    const SupervisedEnd end = supervise(9, [](int64_t) {
      ::signal(SIGTERM, SIG_IGN);
      ::kill(::getppid(), SIGINT);
      ::usleep(200'000);  // two that come together are one
      ::kill(::getppid(), SIGINT);
      return static_cast<int>(::sleep(20));
    });
    for (const std::string& line : said_)
      std::fprintf(stderr, "%s\n", line.c_str());
    ::_exit(end.code);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(130),
              "ended at once by the second Ctrl-C; --resume");
  EXPECT_EQ(slurp(folder_ / "STATUS").substr(0, 20), "preempted ended at o");
}

TEST_F(SupervisorTest, StartsNothingForWhoWasAskedToStop) {
  const auto story = [this] {
    const SupervisedEnd end = supervise(9, [](int64_t) {
      ::signal(SIGTERM, SIG_DFL);  // other tests of this process may have taken it
      ::kill(::getppid(), SIGTERM);
      ::sleep(20);  // ended by the SIGTERM that is handed on
      return 0;
    });
    ::_exit(end.error ? end.code : 1);
  };
  // In a process of one thread, whatever other tests have left in this one.
  EXPECT_EXIT(story(), testing::ExitedWithCode(75), "");
  EXPECT_EQ(reports(), 0);
}

}  // namespace
}  // namespace nelumbo
