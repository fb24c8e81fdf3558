// SPDX-License-Identifier: Apache-2.0
#include "apps/run_clock.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

class RunClockTest : public testing::Test {
 protected:
  RunClock started() const {
    return {[this] { return now_; }, now_};
  }
  double now_ = 100;
};

TEST_F(RunClockTest, AddsUpTheSecondsOfEachStage) {
  RunClock clock = started();
  now_ += 7;  // what is read before the first stage
  clock.begin_stages();
  now_ += 3;
  clock.step("pretrain");
  now_ += 2;
  clock.step("pretrain");
  now_ += 6;
  clock.step("rl");
  EXPECT_EQ(clock.stages(), (std::map<std::string, double>{{"pretrain", 5}, {"rl", 6}}));
  EXPECT_EQ(clock.seconds(), 18);
}

TEST_F(RunClockTest, GoesOnFromTheLinesOfAProcessThatWasKilled) {
  RunClock first = started();
  std::vector<MetricsRow> rows;
  for (const auto& [stage, step] : {std::pair{"sft", 1}, std::pair{"rl", 2}, std::pair{"rl", 3}}) {
    now_ += 10;
    rows.push_back({stage, step, first.step(stage)});
  }
  now_ = 5;  // another machine, another clock
  RunClock second = started();
  second.go_on(rows, 0);
  now_ += 1;
  second.begin_stages();
  now_ += 4;
  second.step("rl");
  EXPECT_EQ(second.stages(), (std::map<std::string, double>{{"sft", 10}, {"rl", 24}}));
  EXPECT_EQ(second.seconds(), 35);
}

TEST_F(RunClockTest, CountsWhatASummaryAddsToTheLastLine) {
  RunClock clock = started();
  clock.go_on({{"rl", 1, {{"run/seconds", 20}, {"run/stage_seconds", 12}}}}, 26);
  EXPECT_EQ(clock.seconds(), 26);
}

TEST_F(RunClockTest, TakesLinesThatDoNotSay) {
  RunClock clock = started();
  clock.go_on({{"rl", 1, {{"reward/mean", 0.5}}}}, 0);
  EXPECT_EQ(clock.seconds(), 0);
}

}  // namespace
}  // namespace nelumbo
