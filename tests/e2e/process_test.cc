// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

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
