// SPDX-License-Identifier: Apache-2.0
#include "apps/run_progress.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// A plain-line target with a clock that is moved by hand.
struct Screen {
  std::string text;
  double now = 0;

  ProgressTarget target() {
    return {.write = [this](std::string_view part) { text += part; },
            .seconds = [this] { return now; }};
  }
};

TEST(RunProgress, CountsAStageFromItsOwnStart) {
  Screen screen;
  RunProgress progress({{"pretrain", 2}, {"rl", 10}}, screen.target());
  progress.show({"pretrain", 2, {}});
  progress.show({"rl", 3, {{"reward/mean", 0.41}}});
  progress.finish();
  EXPECT_NE(screen.text.find("rl 1/10"), std::string::npos) << screen.text;
  EXPECT_NE(screen.text.find("reward 0.41"), std::string::npos) << screen.text;
}

TEST(RunProgress, GoesOnInTheMiddleOfAResumedStage) {
  Screen screen;
  RunProgress progress({{"pretrain", 2}, {"rl", 10}}, screen.target());
  progress.show({"rl", 7, {}});
  progress.finish();
  EXPECT_NE(screen.text.find("rl 5/10"), std::string::npos) << screen.text;
}

TEST(RunProgress, CountsAnEvaluationThatAddsNoStepAsDone) {
  Screen screen;
  RunProgress progress({{"rl", 2}, {"evaluate", 1}}, screen.target());
  progress.show({"rl", 2, {}});
  progress.show({"evaluate", 2, {}});
  progress.finish();
  EXPECT_NE(screen.text.find("evaluate 1/1"), std::string::npos) << screen.text;
}

TEST(RunProgress, SaysTheFewNumbersThatMatter) {
  EXPECT_EQ(short_metrics({"rl", 1, {{"reward/mean", 0.5}, {"optim/loss", 0.1}, {"x/y", 3}}}),
            "reward 0.5  loss 0.1");
  EXPECT_EQ(short_metrics({"rl", 1, {}}), "");
}

}  // namespace
}  // namespace nelumbo
