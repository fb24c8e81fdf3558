// SPDX-License-Identifier: Apache-2.0
#include "apps/watched_run.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using Words = std::vector<std::string>;

class WatchedRun : public ::testing::Test {
 protected:
  WatchedRun() {
    put_file(folder_ / "c.yaml", "run: {root: " + folder_.path() + ", name: it}\n");
    put_file(folder_ / "it/config.resolved.yaml", "run: {}\n");
    put_file(folder_ / "it/STATUS", "running since this process started\n");
  }

  /// What the parent ends with, of forks that end with what `work` makes of their words.
  std::optional<int> watch(Words words, const std::function<int(const Words&)>& work) {
    const pid_t parent = ::getpid();
    const auto code = watch_run(&words, out_, err_);
    if (::getpid() != parent)
      ::_exit(work(words));
    return code;
  }

  const TemporaryFolder folder_;
  std::ostringstream out_, err_;
};

bool has_words(const Words& all, const Words& words) {
  return std::ranges::search(all, words).begin() != all.end();
}

TEST_F(WatchedRun, LeavesWhatIsNoRunToTheCaller) {
  for (const Words& words :
       {Words{}, Words{"check", folder_ / "c.yaml"}, Words{"run"}, Words{"run", "--help"},
        Words{"run", folder_ / "c.yaml", "--unknown"}, Words{"run", "no/such.yaml"},
        Words{"run", folder_ / "c.yaml", "--restarts", "0"}}) {
    Words same = words;
    EXPECT_EQ(watch_run(&same, out_, err_), std::nullopt);
    EXPECT_EQ(same, words);
  }
  EXPECT_EQ(out_.str() + err_.str(), "");
}

TEST_F(WatchedRun, TellsEachForkItsAttemptAndTheTimeThatIsLeft) {
  const auto code = watch({"run", folder_ / "c.yaml", "--max-hours", "1"}, [](const Words& words) {
    if (has_words(words, {"--attempt", "1", "--max-hours"}))
      return ::kill(::getpid(), SIGKILL);
    const double left = std::stod(words[4]);  // run --attempt 2 --max-hours LEFT ..
    return has_words(words, {"--attempt", "2", "--max-hours"}) && left > 0.9 && left < 1 ? 0 : 9;
  });
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(has(err_.str(), "restart 1 of 5")) << err_.str();
}

TEST_F(WatchedRun, EndsWithTheCodeOfTheFork) {
  EXPECT_EQ(watch({"--json", "run", folder_ / "c.yaml"}, [](const Words&) { return 75; }), 75);
  EXPECT_EQ(out_.str() + err_.str(), "");
}

TEST_F(WatchedRun, SaysWhatTheLastForkCouldNot) {
  const auto code = watch(
      {"run", folder_ / "c.yaml", "--json", "--restarts", "1", "--summary", folder_ / "copy.json"},
      [](const Words&) { return ::kill(::getpid(), SIGKILL); });
  EXPECT_EQ(code, 3);
  const auto summary = nlohmann::json::parse(out_.str(), nullptr, false);
  ASSERT_TRUE(summary.is_object()) << out_.str();
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["faults"], 2);
  EXPECT_EQ(nlohmann::json::parse(slurp(folder_ / "copy.json"), nullptr, false), summary);
  EXPECT_EQ(slurp(folder_ / "it/STATUS").substr(0, 7), "failed ");
  EXPECT_TRUE(has(err_.str(), "all 1 restarts within 300 s are used up")) << err_.str();
}

}  // namespace
}  // namespace nelumbo
