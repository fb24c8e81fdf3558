// SPDX-License-Identifier: Apache-2.0
#include "base/process_watch.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nelumbo {
namespace {

using std::chrono::milliseconds;

/// A fork that does `work` and ends with what it gives.
void fork_to(ProcessWatch& watch, const std::function<int()>& work) {
  const Result<bool> is_fork = watch.fork();
  ASSERT_TRUE(is_fork.ok());
  if (is_fork.value())
    ::_exit(work());
}

TEST(LastLines, KeepsTheLast50AndCutsLongOnes) {
  LastLines last;
  for (int i = 0; i < 60; ++i)
    last.add("line " + std::to_string(i) + "\n");
  last.add(std::string(1000, 'x') + "\n\nopen");
  EXPECT_EQ(last.lines().size(), 50U);
  EXPECT_EQ(last.lines().front(), "line 11");
  EXPECT_EQ(last.lines().back(), std::string(400, 'x'));
  last.end_line();
  EXPECT_EQ(last.lines().back(), "open");
}

TEST(LastLines, ForgetsWhatACarriageReturnWritesOver) {
  LastLines last;
  last.add("rl 1/3\rrl 2/3\rrl 3/3\n");
  ASSERT_EQ(last.lines().size(), 1U);
  EXPECT_EQ(last.lines().front(), "rl 3/3");
}

TEST(ProcessWatch, TellsHowAForkEndedAndWhatItSaidLast) {
  ProcessWatch watch;
  fork_to(watch, [] {
    std::fputs("one\ntwo", stderr);
    return 3;
  });
  const ProcessEnd end = watch.wait();
  EXPECT_EQ(ending_text(end), "exit code 3");
  EXPECT_EQ(end.last_words, (std::deque<std::string>{"one", "two"}));
  EXPECT_GT(end.peak_memory_mb, 0);
  EXPECT_FALSE(watch.asked_to_stop());
}

TEST(ProcessWatch, TellsTheSignalThatEndedAFork) {
  ProcessWatch watch;
  fork_to(watch, [] { return ::kill(::getpid(), SIGKILL); });
  EXPECT_EQ(ending_text(watch.wait()), "signal 9 (Killed)");
}

TEST(ProcessWatch, KillsAForkThatStandsStill) {
  ProcessWatch watch(milliseconds(500));
  fork_to(watch, [] {
    ::kill(::getpid(), SIGSTOP);
    ::sleep(60);
    return 0;
  });
  const ProcessEnd end = watch.wait();
  EXPECT_TRUE(end.silent);
  EXPECT_EQ(ending_text(end), "signal 9 (Killed) since it gave no sign of life");
}

TEST(ProcessWatch, LeavesAForkThatOnlyTakesItsTime) {
  ProcessWatch watch(milliseconds(4000));
  fork_to(watch, [] {
    ::usleep(1'000'000);
    return 7;
  });
  const ProcessEnd end = watch.wait();
  EXPECT_FALSE(end.silent);
  EXPECT_EQ(ending_text(end), "exit code 7");
}

TEST(ProcessWatch, HandsSigtermOnToTheFork) {
  ProcessWatch watch;
  fork_to(watch, [] {
    ::kill(::getppid(), SIGTERM);
    ::sleep(20);
    return 0;
  });
  const ProcessEnd end = watch.wait();
  EXPECT_EQ(ending_text(end), "signal 15 (Terminated)");
  EXPECT_TRUE(watch.asked_to_stop());
  EXPECT_FALSE(watch.asked_to_end_at_once());
  EXPECT_LT(end.seconds, 10);
}

TEST(ProcessWatch, HandsAHangUpOnAsSigterm) {
  ProcessWatch watch;
  fork_to(watch, [] {
    ::kill(::getppid(), SIGHUP);
    return static_cast<int>(::sleep(20));
  });
  EXPECT_EQ(ending_text(watch.wait()), "signal 15 (Terminated)");
  EXPECT_TRUE(watch.asked_to_stop());
}

TEST(ProcessWatchDeathTest, IsNotHeldUpWhereNobodyReadsItsStderr) {
  const auto story = [] {
    std::array<int, 2> full{};
    if (::pipe(full.data()) != 0 || ::dup2(full[1], STDERR_FILENO) < 0)
      ::_exit(1);
    ProcessWatch watch;
    fork_to(watch, [] {
      ::signal(SIGTERM, SIG_DFL);
      const std::string much(1 << 20, 'x');
      ::kill(::getppid(), SIGTERM);
      while (::write(STDERR_FILENO, much.data(), much.size()) > 0) {
      }
      return 0;
    });
    ::_exit(ending_text(watch.wait()) == "signal 15 (Terminated)" ? 0 : 2);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(0), "");
}

TEST(ProcessWatchDeathTest, CountsWhatItDroppedOnceSomebodyReadsAgain) {
  const auto story = [] {
    std::array<int, 2> screen{};
    const int told = ::dup(STDERR_FILENO);
    if (::pipe(screen.data()) != 0 || ::dup2(screen[1], STDERR_FILENO) < 0)
      ::_exit(1);
    ::close(screen[1]);
    ProcessWatch watch;
    fork_to(watch, [&screen] {
      const std::string much(1 << 18, 'x');  // four times what the pipe holds
      [[maybe_unused]] const auto written = ::write(STDERR_FILENO, much.data(), much.size());
      for (int left = 1; left > 0; ::usleep(1000))
        ::ioctl(STDERR_FILENO, FIONREAD, &left);
      std::array<char, 1 << 16> bytes;  // now somebody reads
      [[maybe_unused]] const auto read = ::read(screen[0], bytes.data(), bytes.size());
      std::fputs("the end\n", stderr);
      return 0;
    });
    watch.wait();
    std::array<char, 1 << 16> bytes;
    const ssize_t got = ::read(screen[0], bytes.data(), bytes.size());
    ::dup2(told, STDERR_FILENO);
    std::fprintf(stderr, "%.*s", static_cast<int>(got), bytes.data());
    ::_exit(0);
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(0),
              "warning: [0-9]+ bytes of stderr were dropped, since nobody read them\nx*the end");
}

TEST(ProcessWatch, KillsTheForkOnTheSecondInterrupt) {
  ProcessWatch watch;
  fork_to(watch, [] {
    std::signal(SIGTERM, SIG_IGN);
    ::kill(::getppid(), SIGINT);
    ::usleep(100'000);
    ::kill(::getppid(), SIGINT);
    ::sleep(20);
    return 0;
  });
  EXPECT_EQ(ending_text(watch.wait()), "signal 9 (Killed)");
  EXPECT_TRUE(watch.asked_to_end_at_once());
}

TEST(ProcessWatch, AsksAForkThatBeganBehindTheSignal) {
  ProcessWatch watch;
  ::kill(::getpid(), SIGTERM);
  watch.pause(milliseconds(5000));
  EXPECT_TRUE(watch.asked_to_stop());
  fork_to(watch, [] { return static_cast<int>(::sleep(20)); });
  EXPECT_EQ(ending_text(watch.wait()), "signal 15 (Terminated)");
}

TEST(ProcessWatch, DrainsMoreThanAPipeHolds) {
  ProcessWatch watch;
  fork_to(watch, [] {
    const std::string blanks(50, '\b');  // which a screen does not show
    for (int i = 0; i < 4000; ++i)
      std::fputs((blanks + "\n").c_str(), stderr);
    return 0;
  });
  EXPECT_EQ(ending_text(watch.wait()), "exit code 0");
}

TEST(ProcessWatch, LetsNoForkOutliveTheProcess) {
  // A grandchild of this test, whose parent is killed: it must be gone at once. The kernel gives it
  // to this process, which asked for orphans.
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ProcessWatch watch;
    fork_to(watch, [] {
      ::kill(::getppid(), SIGKILL);
      ::sleep(20);
      return 0;
    });
    watch.wait();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(parent, &status, 0), parent);
  const auto begin = std::chrono::steady_clock::now();
  pid_t orphan = 0;
  while ((orphan = ::waitpid(-1, &status, 0)) == -1 && errno == EINTR) {
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  EXPECT_GT(orphan, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace nelumbo
