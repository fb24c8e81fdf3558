// SPDX-License-Identifier: Apache-2.0
#include "actors/rollback.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Rollback, IsReadFromTheEventsOfARun) {
  TemporaryFolder folder;
  EXPECT_TRUE(read_rollbacks(folder.path()).empty());
  std::ofstream(folder.path() + "/events.jsonl")
      << R"({"event":"reward","stage":"rl","step":3})" << '\n'
      << R"({"event":"rollback","stage":"rl","to":4,"step":6,"why":"loss"})" << '\n'
      << R"({"event":"rollback","stage":"rl","to":"4"})" << '\n'
      << R"({"event":"rollback","stage":"r)";
  EXPECT_EQ(read_rollbacks(folder.path()), (std::vector<Rollback>{{"rl", 4, 6, "loss"}}));
}

TEST(Rollback, HelpsOnceForEachCheckpointAndThreeTimesForAStage) {
  const std::vector<Rollback> two = {{"rl", 4, 6, ""}, {"rl", 8, 9, ""}};
  EXPECT_FALSE(against_rollback(two, "rl", 12).has_value());
  EXPECT_TRUE(against_rollback(two, "rl", 8).has_value());
  EXPECT_FALSE(against_rollback(two, "sft", 8).has_value());
  std::vector<Rollback> three = two;
  three.push_back({"rl", 12, 13, ""});
  EXPECT_TRUE(against_rollback(three, "rl", 20).has_value());
}

TEST(Rollback, ASpikeIsNamedByItsWorstSign) {
  const Metrics metrics = {{"guard/loss", 11},
                           {"optim/loss", 3},
                           {"guard/grad_norm", 40.7},
                           {"guard/kl", 0},
                           {"optim/grad_norm", 9.5}};
  EXPECT_EQ(spike_of(metrics, {}),
            "its norm of the gradient 9.5 is 40 deviations above those of the steps before "
            "(guard.spike)");
  EXPECT_FALSE(spike_of(metrics, {.spike = 41}).has_value());
  EXPECT_FALSE(spike_of(metrics, {.spike = 0}).has_value());
  EXPECT_FALSE(spike_of({}, {}).has_value());
}

}  // namespace
}  // namespace nelumbo
