// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/certificate_folder.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class Refusals : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
      GTEST_SKIP() << "the program is not built";
  }
  std::vector<std::string> run_words(const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> words = {
        "run",      in_repository("configs/tiny.yaml"),
        "--set",    "run.root=" + folder_.path(),
        "--set",    "run.name=" + name,
        "--set",    "data.root=" + in_repository("data"),
        "--set",    "reward.spec=" + in_repository("configs/rewards/smear.yaml"),
        "--set",    "rl.steps=100000",
        "--set",    "rl.validate_every=1000",
        "--set",    "placement.processes=separate",
        "--resume", "never"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// What a node says that joins with those words, and its exit code.
  std::pair<std::string, int> join(std::vector<std::string> words) {
    words.insert(words.begin(), {"node", "--join", address_});
    Child node(words);
    const std::string said = node.line_with("").value_or("nothing");
    return {said, node.wait()};
  }

  /// Whether the run's status, written once a second, comes to say something.
  bool shows(const std::string& name, const std::string& part) const {
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < std::chrono::seconds(60)) {
      if (slurp(folder_ / (name + "/status.json")).find(part) != std::string::npos)
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  std::string address_;
  TemporaryFolder folder_;
  CertificateFolder ours_{{"node", "west"}}, theirs_;
};

TEST_F(Refusals, AreOneLineWithCauseAndRemedyAndLeaveTheRunAlone) {
  Child run(run_words("one", {"--certs", ours_.path()}));
  const auto line = run.line_with("worker processes join at ");
  ASSERT_TRUE(line.has_value());
  const size_t at = line->find("127.0.0.1:");
  address_ = line->substr(at, line->find(',') - at);

  const auto foreign = join({"--certs", theirs_.path()});
  EXPECT_EQ(foreign.second, 2) << foreign.first;
  EXPECT_TRUE(has(foreign.first, "shows a certificate that is not good here")) << foreign.first;
  EXPECT_TRUE(has(foreign.first, "folders of one 'nelumbo certs new'")) << foreign.first;

  const auto learner = join({"--certs", ours_.path(), "--role", "learner"});
  EXPECT_EQ(learner.second, 2);
  EXPECT_TRUE(has(learner.first, "join with --role rollout")) << learner.first;

  Child first({"node", "--join", address_, "--certs", ours_.path(), "--worker", "a"});
  ASSERT_TRUE(shows("one", "process node/a"));
  const auto second = join({"--certs", ours_.path(), "--worker", "a"});
  EXPECT_EQ(second.second, 2);
  EXPECT_TRUE(has(second.first,
                  "worker node/a may not join: another process has this name; give "
                  "it another with --worker"))
      << second.first;
  first.signal(SIGTERM);
  first.wait();

  Child taken(run_words("two", {"--listen", address_}));
  EXPECT_TRUE(taken.says("this port is taken; choose another"));
  EXPECT_EQ(taken.wait(), 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "two"));

  run.signal(SIGTERM);
  EXPECT_EQ(run.wait(), 75) << "it was going on";
  const auto summary = nlohmann::json::parse(slurp(folder_ / "one/summary.json"), nullptr, false);
  EXPECT_EQ(summary["restarts"], 0);
}

TEST_F(Refusals, OfARunThatWouldListenToOthersWithoutCertificatesLeaveNothing) {
  Child run(run_words("one", {"--listen", "0.0.0.0:7070"}));
  EXPECT_TRUE(run.says("other machines join a run with certificates alone"));
  EXPECT_EQ(run.wait(), 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "one"));
}

}  // namespace
}  // namespace nelumbo
