// SPDX-License-Identifier: Apache-2.0
#include "reward/simulated_run.h"

#include <gtest/gtest.h>

#include "reward/component_key.h"
#include "reward/trace.h"

namespace nelumbo {
namespace {

std::string written(uint64_t seed, Plant plant) {
  std::string text;
  simulate_run({.steps = 2, .groups = 2, .samples = 3}, seed, plant,
               [&](int64_t step, const ScoredGroup& group) {
                 text += std::to_string(step) + to_trace(group).dump() + "\n";
               });
  return text;
}

TEST(SimulatedRun, IsTheSameForASeed) {
  EXPECT_EQ(written(1, Plant::kNone), written(1, Plant::kNone));
  EXPECT_NE(written(1, Plant::kNone), written(2, Plant::kNone));
}

/// Means of what the answers of a run have, early and late.
struct Seen {
  RunningMean right[2], bytes[2], clear_with, clear_without;
};

Seen seen(Plant plant) {
  Seen seen;
  simulate_run({.steps = 20, .groups = 16, .samples = 8}, 5, plant,
               [&](int64_t step, const ScoredGroup& group) {
                 for (size_t i = 0; i < group.outcomes.size(); ++i) {
                   const Outcome& outcome = group.outcomes[i];
                   const std::string& text = group.group->trajectories[i].text;
                   seen.right[step / 10].add(outcome.rule);
                   seen.bytes[step / 10].add(static_cast<double>(text.size()));
                   (text.starts_with("certainly") ? seen.clear_with : seen.clear_without)
                       .add(outcome.components[1].value);
                   EXPECT_NEAR(outcome.total, 0.7 * outcome.rule + 0.3 * outcome.rubric, 1e-12);
                 }
               });
  return seen;
}

TEST(SimulatedRun, LearnsAndHasNothingPlantedWhenItIsClean) {
  const Seen clean = seen(Plant::kNone);
  EXPECT_GT(clean.right[1].value(), clean.right[0].value() + 0.1);
  EXPECT_NEAR(clean.bytes[1].value() / clean.bytes[0].value(), 1, 0.1);
  EXPECT_NEAR(clean.clear_with.value(), clean.clear_without.value(), 0.08);
}

TEST(SimulatedRun, HasWhatIsPlanted) {
  EXPECT_GT(seen(Plant::kLengthHack).bytes[1].value(),
            1.3 * seen(Plant::kLengthHack).bytes[0].value());
  const Seen biased = seen(Plant::kBias);
  EXPECT_GT(biased.clear_with.value(), biased.clear_without.value() + 0.3);
}

}  // namespace
}  // namespace nelumbo
