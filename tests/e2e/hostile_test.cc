// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/listening.h"
#include "base/text.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/certificate_folder.h"
#include "tests/support/child.h"
#include "tests/support/hostile_bytes.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr int64_t kFewTries = 300;
constexpr int64_t kMostGrowth = 64 << 10;  // kB

/// How many tries: NELUMBO_HOSTILE_TRIES, by hand; a few of each kind otherwise.
int64_t tries() {
  const char* asked = std::getenv("NELUMBO_HOSTILE_TRIES");
  return asked == nullptr ? kFewTries : std::strtoll(asked, nullptr, 10);
}

/// A figure of /proc/PID/status, in kB.
int64_t memory_of(pid_t process, const std::string& key) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;)
    if (word == key + ":") {
      int64_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  return 0;
}

class Hostile : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
      GTEST_SKIP() << "the program is not built";
  }
  std::vector<std::string> run_words(const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> words = {
        "run", in_repository("configs/tiny.yaml"), "--set", "run.root=" + folder_.path(), "--set",
        "run.name=" + name, "--set", "data.root=" + in_repository("data"), "--set",
        "reward.spec=" + in_repository("configs/rewards/smear.yaml"), "--set",
        "pipeline=[pretrain, rl]", "--set", "pretrain.steps=3", "--set",
        "rl.steps=" + std::to_string(20 + tries() / 2),
        // So many steps of the usual size would end in a policy that says one thing.
        "--set", "rl.optimizer.lr=1e-7", "--set", "rl.zero_spread_alarm=1", "--set",
        "rl.validate_every=1000", "--set", "run.checkpoint_every=1000", "--resume", "never"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// Waits until the run has so many steps of rl behind it, two minutes at most.
  void wait_for_rl_steps(const std::string& name, int64_t steps) const {
    for (int looks = 0; looks < 1200; ++looks) {
      const std::string metrics = slurp(folder_ / (name + "/metrics.jsonl"));
      if (occurrences("\"rl\"", metrics) >= steps)
        return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    FAIL() << name << " does not get on";
  }
  std::string hash_of(const std::string& name) const {
    const auto summary =
        nlohmann::json::parse(slurp(folder_ / (name + "/summary.json")), nullptr, false);
    return summary.is_object() ? summary["weights_hash"].get<std::string>() : "no summary";
  }
  TemporaryFolder folder_;
  CertificateFolder ours_, theirs_;
};

/// A free port with a free one behind it.
uint16_t free_port() {
  for (uint16_t port = 21'000 + ::getpid() % 20'000;; port += 2)
    if (plan_listening("127.0.0.1:" + std::to_string(port), "").ok())
      return port;
}

TEST_F(Hostile, BytesAtPortsWithCertificatesChangeNothing) {
  Child plain(run_words("one", {}));  // beside the other: each mostly waits
  const uint16_t port = free_port();
  Child run(run_words("hurt", {"--set", "placement.processes=separate", "--listen",
                               "127.0.0.1:" + std::to_string(port), "--certs", ours_.path()}));
  ASSERT_TRUE(run.says("worker processes join at")) << "it listens";
  wait_for_rl_steps("hurt", 5);  // it has its memory then, and both of its workers
  // What a true node says, to be said again: it joins through the recorder, and waits as a spare.
  Recorder recorder(port);
  Child node({"node", "--join", "127.0.0.1:" + std::to_string(recorder.port()), "--certs",
              ours_.path(), "--worker", "recorded"});
  std::this_thread::sleep_for(std::chrono::seconds(3));
  std::vector<std::string> recorded = recorder.stop();
  node.signal(SIGKILL);
  std::erase(recorded, "");
  EXPECT_FALSE(recorded.empty()) << "the node came through the recorder";

  HostileBytes hostile(port, port + 1, std::move(recorded), 1);
  const auto foreign = theirs_.load("node");
  const std::string server_key = ours_.load("coordinator")->curve_public();
  const int64_t before = memory_of(run.pid(), "VmRSS");
  int64_t most = before, done = 0;
  for (; done < tries() && ::kill(run.pid(), 0) == 0; ++done) {
    hostile.attempt(static_cast<int>(done % HostileBytes::kKinds), foreign.get(), server_key);
    if (done % 16 == 0)
      most = std::max(most, memory_of(run.pid(), "VmRSS"));
  }
  const int64_t at_end = memory_of(run.pid(), "VmRSS");
  std::cout << done << " tries; RSS of the coordinator " << before << " kB before, " << most
            << " kB at most, " << at_end << " kB behind them; let in: " << hostile.answered()
            << "\n";
  EXPECT_GT(at_end, 0) << "the run was over before all was tried: give it more steps";
  EXPECT_LE(most - before, kMostGrowth);
  EXPECT_EQ(hostile.answered(), 0);
  const auto replaced = run.line_with("is replaced");
  EXPECT_FALSE(replaced.has_value()) << replaced.value_or("");
  EXPECT_EQ(run.wait(), 0);
  EXPECT_EQ(plain.wait(), 0);
  EXPECT_EQ(hash_of("hurt"), hash_of("one"));
  const auto summary = nlohmann::json::parse(slurp(folder_ / "hurt/summary.json"), nullptr, false);
  EXPECT_EQ(summary["restarts"], 0);
}

}  // namespace
}  // namespace nelumbo
