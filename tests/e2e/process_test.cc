// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// The program itself as a child, its stderr at our end of a pipe.
class Child {
 public:
  explicit Child(std::vector<std::string> words) {
    words.insert(words.begin(), std::string(NELUMBO_BINARY_DIR) + "/nelumbo");
    std::array<int, 2> ends{};
    NELUMBO_CHECK(::pipe(ends.data()) == 0) << "no pipe";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDERR_FILENO);
      ::close(ends[0]);
      std::vector<char*> raw;
      for (std::string& word : words)
        raw.push_back(word.data());
      raw.push_back(nullptr);
      ::execv(raw[0], raw.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    errors_ = ::fdopen(ends[0], "r");
  }
  ~Child() { std::fclose(errors_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits for a line of stderr that has `part`; false when stderr ended before.
  bool says(const std::string& part) {
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), errors_) != nullptr)
      if (has(line.data(), part))
        return true;
    return false;
  }
  void signal(int number) { ::kill(pid_, number); }
  /// Exit code, or -1 when a signal ended it.
  int wait() {
    says("\n never said \n");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  FILE* errors_ = nullptr;
};

std::vector<std::string> run_words(const std::string& root) {
  return {"run",   in_repository("configs/tiny.yaml"),
          "--set", "run.root=" + root,
          "--set", "data.root=" + in_repository("data"),
          "--set", "reward.spec=" + in_repository("configs/rewards/smear.yaml"),
          "--set", "pretrain.steps=400"};
}

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

TEST(Process, ExitsWith2AndOneLineOnAMisspeltCommand) {
  if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
    GTEST_SKIP() << "the program is not built";
  Child child({"rnu"});
  EXPECT_TRUE(child.says("did you mean 'run'?"));
  EXPECT_EQ(child.wait(), 2);
}

}  // namespace
}  // namespace nelumbo
