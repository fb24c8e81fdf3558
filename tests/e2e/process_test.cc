// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/process_run.h"

namespace nelumbo {
namespace {

TEST(Process, CommitsACheckpointOnSigtermAndExitsWith75) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  Child child(run_words(folder.path()));
  ASSERT_TRUE(child.says("parameters"));
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 75);
  EXPECT_EQ(slurp(folder / "tiny/STATUS").substr(0, 10), "preempted ");
  EXPECT_TRUE(std::filesystem::exists(folder / "tiny/checkpoints/latest/manifest.json"));
}

/// A pipe that holds no byte more, and that nobody reads.
class FullPipe {
 public:
  FullPipe() {
    EXPECT_EQ(::pipe2(ends_.data(), O_NONBLOCK | O_CLOEXEC), 0);
    const std::string page(4096, 'x');
    while (::write(ends_[1], page.data(), page.size()) > 0) {
    }
    ::fcntl(ends_[1], F_SETFL, 0);
  }
  FullPipe(const FullPipe&) = delete;
  FullPipe& operator=(const FullPipe&) = delete;
  ~FullPipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  int end() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_{};
};

TEST(Process, ObeysSigtermWhereNobodyReadsWhatItSays) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  for (const int stream : {STDERR_FILENO, STDOUT_FILENO}) {
    const TemporaryFolder folder;
    const FullPipe full;
    std::vector<std::string> words = run_words(folder.path());
    words.insert(words.begin(), std::string(NELUMBO_BINARY_DIR) + "/nelumbo");
    words.push_back("--json");
    std::vector<char*> raw;
    for (std::string& word : words)
      raw.push_back(word.data());
    raw.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::dup2(full.end(), stream);
      ::execv(raw[0], raw.data());
      ::_exit(127);
    }
    while (!std::filesystem::exists(folder / "tiny/metrics.jsonl"))
      ::usleep(20'000);
    ::kill(pid, SIGTERM);
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 75) << stream << ": " << status;
    EXPECT_EQ(slurp(folder / "tiny/STATUS").substr(0, 10), "preempted ");
  }
}

TEST(Process, EndsWith3WhereItIsGivenTooFewAddresses) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer takes terabytes of addresses";
#endif
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  // Too few for the threads of the actors; for LibTorch.
  for (const rlim_t megabytes : {150, 400}) {
    const TemporaryFolder folder;
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
    const rlimit few{megabytes << 20, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &few), 0);
    Child child(run_words(folder.path()));
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
    EXPECT_TRUE(child.says("memory")) << megabytes;
    EXPECT_EQ(child.wait(), 3) << megabytes;
  }
}

TEST(Process, ExitsWith2AndOneLineOnAMisspeltCommand) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  Child child({"rnu"});
  EXPECT_TRUE(child.says("did you mean 'run'?"));
  EXPECT_EQ(child.wait(), 2);
}

TEST(Process, WorkersInProcessesOfTheirOwnLeaveTheBits) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  const std::string one = hash_of_run(folder, "one", {});
  EXPECT_EQ(hash_of_run(folder, "separate", {"placement.processes=separate"}), one);
  const std::string two = hash_of_run(folder, "two", {"placement.learners=2"});
  for (const std::string how : {"optimizer", "full"})
    EXPECT_EQ(hash_of_run(folder, how,
                          {"placement.processes=separate", "placement.learners=2",
                           "placement.sharding=" + how}),
              two);
}

TEST(Process, AKilledRolloutProcessIsReplacedAndNothingIsLost) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  const std::string whole = hash_of_run(folder, "whole", {});
  std::vector<pid_t> killed;
  EXPECT_EQ(hash_of_run(folder, "hurt", {"placement.processes=separate"},
                        [&](Child& child) {
                          ASSERT_TRUE(child.says("sft 3/3"));
                          killed = workers_of(child, "rollout");
                          ASSERT_EQ(killed.size(), 2U);
                          ::kill(killed.front(), SIGKILL);
                          EXPECT_TRUE(child.says("signal 9 (Killed)"));
                        }),
            whole);
  for (const pid_t pid : killed)
    EXPECT_EQ(::kill(pid, 0), -1) << "a process was left behind";
}

TEST(Process, AKilledLearnerProcessIsHealedFromTheNewestCheckpoint) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  const std::vector<std::string> two = {"placement.learners=2"};
  const std::string whole = hash_of_run(folder, "whole", two);
  EXPECT_EQ(hash_of_run(folder, "hurt", {two[0], "placement.processes=separate"},
                        [&](Child& child) {
                          ASSERT_TRUE(child.says("sft 3/3"));
                          const std::vector<pid_t> learners = workers_of(child, "learner");
                          ASSERT_EQ(learners.size(), 2U);
                          ::kill(learners.back(), SIGKILL);
                          EXPECT_TRUE(child.says("learner-1"));
                        }),
            whole);
  const auto fault = nlohmann::json::parse(slurp(folder / "hurt/faults/1.json"), nullptr, false);
  ASSERT_TRUE(fault.is_object());
  EXPECT_NE(fault["cause"].get<std::string>().find("learner"), std::string::npos) << fault;
  EXPECT_NE(fault["decision"].get<std::string>().find("goes on"), std::string::npos) << fault;
}

TEST(Process, AKilledCoordinatorIsHealedFromTheNewestCheckpoint) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  const std::string whole = hash_of_run(folder, "whole", {});
  std::vector<pid_t> first;
  EXPECT_EQ(hash_of_run(folder, "hurt", {"placement.processes=separate"},
                        [&](Child& child) {
                          ASSERT_TRUE(child.says("sft 3/3"));
                          const pid_t coordinator = coordinator_of(child);
                          first = children_of(coordinator);
                          ASSERT_EQ(first.size(), 3U);
                          ::kill(coordinator, SIGKILL);
                          EXPECT_TRUE(child.says("signal 9 (Killed); goes on"));
                        }),
            whole);
  EXPECT_TRUE(are_gone(first)) << "a worker was left behind";
}

TEST(Process, NothingOutlivesAKilledParent) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  std::vector<std::string> words = run_words(folder.path());
  words.insert(words.end(), {"--set", "placement.processes=separate"});
  Child child(words);
  ASSERT_TRUE(child.says("pretrain 1/"));
  std::vector<pid_t> all = children_of(coordinator_of(child));
  ASSERT_EQ(all.size(), 3U);
  all.push_back(coordinator_of(child));
  child.signal(SIGKILL);
  EXPECT_EQ(child.wait(), -1);
  EXPECT_TRUE(are_gone(all));
}

TEST(Process, ALearnerProcessThatIsKilledEndsTheRunWhereNobodyWatches) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  const TemporaryFolder folder;
  std::vector<std::string> words = run_words(folder.path());
  words.insert(words.end(), {"--set", "placement.processes=separate", "--restarts", "0"});
  Child child(words);
  ASSERT_TRUE(child.says("pretrain 1/"));
  std::vector<pid_t> learners;
  for (const pid_t pid : children_of(child.pid()))
    if (slurp("/proc/" + std::to_string(pid) + "/cmdline").find("learner") != std::string::npos)
      learners.push_back(pid);
  ASSERT_EQ(learners.size(), 1U);
  ::kill(learners.front(), SIGKILL);
  EXPECT_TRUE(child.says("its process learner-0#"));
  EXPECT_EQ(child.wait(), 3);
}

}  // namespace
}  // namespace nelumbo
