// SPDX-License-Identifier: Apache-2.0
#include "base/process_tree.h"

#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nelumbo {
namespace {

/// A shell that leads its group and runs `script`.
pid_t shell(const char* script) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);
    ::execl("/bin/sh", "sh", "-c", script, nullptr);
    ::_exit(127);
  }
  ::setpgid(pid, pid);
  return pid;
}

/// Waits for `holds`, ten seconds at most.
template <class Condition>
bool soon(Condition holds) {
  for (int i = 0; i < 1000 && !holds(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return holds();
}

void end(pid_t pid) {
  kill_tree(pid);
  ::waitpid(pid, nullptr, 0);
}

TEST(ProcessTree, CountsAProcessWithItsChildrenAndTheirs) {
  const pid_t pid = shell("(sleep 60 & sleep 60; :) & wait");
  EXPECT_TRUE(soon([&] { return tree_usage(pid, 100).processes == 4; }))
      << tree_usage(pid, 100).processes;
  EXPECT_GT(tree_usage(pid, 100).resident_bytes, 10'000);
  EXPECT_EQ(tree_usage(pid, 1).processes, 1);
  end(pid);
  EXPECT_EQ(tree_usage(pid, 100).processes, 0);
}

TEST(ProcessTree, CountsTheTimeOfChildren) {
  const pid_t pid = shell("(while :; do :; done) & wait");
  EXPECT_TRUE(soon([&] { return tree_usage(pid, 100).cpu_seconds > 0.2; }));
  end(pid);
}

TEST(ProcessTree, DiesAsAWhole) {
  const pid_t pid = shell("setsid sleep 60 & sleep 60 & wait");
  ASSERT_TRUE(soon([&] { return tree_usage(pid, 100).processes == 3; }));
  kill_tree(pid);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_TRUE(soon([&] { return ::kill(-pid, 0) != 0; }));
}

}  // namespace
}  // namespace nelumbo
