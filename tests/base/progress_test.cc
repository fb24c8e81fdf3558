// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <unistd.h>

namespace nelumbo {
namespace {

/// A screen and a clock that moves only by hand.
struct Desk {
  std::string written;
  double now = 100;

  ProgressTarget target(bool terminal) {
    ProgressTarget made;
    made.write = [this](std::string_view text) { written += text; };
    made.seconds = [this] { return now; };
    made.terminal = terminal;
    return made;
  }
};

TEST(Progress, RewritesOneLineOnATerminal) {
  Desk desk;
  Progress progress("rl", 0, 300, desk.target(true));
  desk.now += 60;
  progress.update(120, "reward 0.41");
  desk.now += 1;
  progress.update(121, "r");
  progress.finish("done");
  EXPECT_EQ(desk.written,
            "\rrl 120/300 [########............]  40 %  eta 1m30s  reward 0.41"
            "\rrl 121/300 [########............]  40 %  eta 1m30s  r          "
            "\rrl 121/300 [########............]  40 %  eta 1m30s  done\n");
}

TEST(Progress, ShowsAFewLinesASecondOnly) {
  Desk desk;
  Progress progress("sft", 0, 10, desk.target(true));
  progress.update(1, "");
  const std::string first = desk.written;
  desk.now += 0.1;
  progress.update(2, "");
  EXPECT_EQ(desk.written, first);
  desk.now += 0.11;
  progress.update(3, "");
  EXPECT_NE(desk.written, first);
}

TEST(Progress, WritesPlainLinesNowAndThenElsewhere) {
  Desk desk;
  Progress progress("sft", 0, 100, desk.target(false));
  desk.now += 1;
  progress.update(1, "loss 3");
  desk.now += 9;
  progress.update(10, "loss 2");
  desk.now += 1;
  progress.update(11, "loss 1");
  progress.finish("");
  EXPECT_EQ(desk.written,
            "sft 1/100   1 %  eta 1m39s  loss 3\n"
            "sft 11/100  11 %  eta 1m29s  loss 1\n"
            "sft 11/100  11 %  eta 1m29s\n");
  Progress done("sft", 0, 1, desk.target(false));
  desk.written.clear();
  done.update(1, "loss 1");
  done.finish("loss 1");
  EXPECT_EQ(desk.written, "sft 1/1 100 %  loss 1\n") << "a line is not said twice";
}

TEST(Progress, MeasuresItsSpeedFromWhereItStarted) {
  Desk desk;
  Progress progress("rl", 90, 100, desk.target(false));
  desk.now += 7200;
  progress.update(91, "");
  EXPECT_EQ(desk.written, "rl 91/100  91 %  eta 18h00m\n");
}

TEST(Progress, GuessesNoSpeedFromAnInstant) {
  Desk desk;
  Progress progress("rl", 0, 100, desk.target(false));
  progress.update(1, "");
  EXPECT_EQ(desk.written, "rl 1/100   1 %\n");
}

TEST(Progress, FitsTheTerminal) {
  Desk desk;
  ProgressTarget narrow = desk.target(true);
  narrow.columns = 12;
  Progress progress("rl", 0, 300, narrow);
  progress.update(120, "reward");
  EXPECT_EQ(desk.written, "\rrl 120/300 ");
}

TEST(Progress, ColoursItsTitleOnlyWhenAsked) {
  Desk desk;
  ProgressTarget bright = desk.target(true);
  bright.color = true;
  Progress progress("rl", 0, 1, bright);
  progress.update(1, "");
  EXPECT_EQ(desk.written, "\r\x1b[1mrl\x1b[0m 1/1 [####################] 100 %");
}

TEST(Progress, IsSilentWithTheFlag) {
  Desk desk;
  ProgressTarget silent = desk.target(true);
  silent.silent = true;
  Progress progress("rl", 0, 1, silent);
  progress.update(1, "");
  progress.finish("");
  EXPECT_EQ(desk.written, "");
}

TEST(Progress, HasAStepCountOfZero) {
  Desk desk;
  Progress progress("rl", 0, 0, desk.target(false));
  progress.finish("");
  EXPECT_EQ(desk.written, "rl 0/0 100 %\n");
}

TEST(StandardProgressTarget, HasNoColourWhereNoColorIsSet) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(standard_progress_target(false).color);
  ::unsetenv("NO_COLOR");
}

}  // namespace
}  // namespace nelumbo
