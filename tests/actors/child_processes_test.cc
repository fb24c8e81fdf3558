// SPDX-License-Identifier: Apache-2.0
#include "actors/child_processes.h"

#include <condition_variable>
#include <csignal>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// The children of these tests are this program with one of its own tests chosen.
ChildProcesses::Child child(const std::string& test, const std::string& log) {
  return {
      "rollout",
      "rollout-0",
      {"--gtest_also_run_disabled_tests", "--gtest_filter=ChildProcessesHelper.DISABLED_" + test},
      log};
}

TEST(ChildProcessesHelper, DISABLED_SaysItsNumberAndSleeps) {
  std::ofstream(std::string(std::getenv("NELUMBO_TEST_PLACE")) + "/pid") << ::getpid() << '\n';
  std::this_thread::sleep_for(std::chrono::seconds(60));
}
TEST(ChildProcessesHelper, DISABLED_Fails) {
  std::fputs("there is no picture\n", stderr);
  ::_exit(3);
}

class ChildProcessesTest : public ::testing::Test {
 protected:
  ChildProcessesTest() { ::setenv("NELUMBO_TEST_PLACE", folder_.path().c_str(), 1); }

  ChildProcesses::OnEnd on_end() {
    return [this](const ChildProcesses::Child& child, const std::string& cause) {
      const std::lock_guard lock(guard_);
      ends_.push_back(child.worker + ": " + cause);
      changed_.notify_all();
    };
  }
  std::string end(size_t number) {
    std::unique_lock lock(guard_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return ends_.size() > number; });
    return ends_.size() > number ? ends_[number] : "nothing ended";
  }
  /// The process that runs, another than `before`.
  pid_t running(pid_t before = 0) {
    for (int i = 0; i < 1000; ++i) {
      pid_t pid = 0;
      std::ifstream(folder_ / "pid") >> pid;
      if (pid != 0 && pid != before)
        return pid;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return 0;
  }

  TemporaryFolder folder_;
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::string> ends_;
};

TEST_F(ChildProcessesTest, StartsAgainWhatEndedAndSaysWhy) {
  ChildProcesses children(on_end());
  children.start(child("Fails", folder_ / "log"));
  EXPECT_EQ(end(0), "rollout-0: exit code 3; its last words in " + (folder_ / "log") +
                        ": there is no picture");
  EXPECT_NE(end(1), "nothing ended");
}

TEST_F(ChildProcessesTest, ReplacesAProcessThatWasKilledAndOneThatWasAskedToEnd) {
  ChildProcesses children(on_end());
  children.start(child("SaysItsNumberAndSleeps", folder_ / "log"));
  const pid_t first = running();
  ASSERT_GT(first, 0);
  ::kill(first, SIGKILL);
  EXPECT_EQ(end(0).substr(0, 29), "rollout-0: signal 9 (Killed);");
  const pid_t second = running(first);
  ASSERT_GT(second, 0);
  children.end("rollout-0");
  EXPECT_GT(running(second), 0);
  const std::lock_guard lock(guard_);
  EXPECT_EQ(ends_.size(), 1U) << "an end that was asked for is no news";
}

TEST_F(ChildProcessesTest, LeavesNoProcessBehind) {
  pid_t pid = 0;
  {
    ChildProcesses children(on_end());
    children.start(child("SaysItsNumberAndSleeps", ""));
    pid = running();
    ASSERT_GT(pid, 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace nelumbo
