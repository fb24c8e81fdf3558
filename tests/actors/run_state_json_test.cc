// SPDX-License-Identifier: Apache-2.0
#include "actors/run_state_json.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(RunStateJson, GivesBackAllButWhatWasDrawnAhead) {
  RunState state{.stage_index = 2,
                 .stage = "rl",
                 .stage_step = 3,
                 .step = 11,
                 .trained_from = 8,
                 .version = 7,
                 .restarts = 1,
                 .best = BestSoFar{0.5, 10},
                 .judged = 0.25,
                 .zero_spread = {0.25F, 0.5F},
                 .stage_steps = {4, 4},
                 .ahead = {},
                 .reference = {-1.5}};
  EXPECT_EQ(state_from_json(to_json(state)), state);
  state.best.reset();
  state.judged.reset();
  EXPECT_EQ(state_from_json(to_json(state)), state);
}

TEST(RunStateJson, ThrowsWhereAKeyIsMissing) {
  nlohmann::json some = to_json(RunState());
  some.erase("version");
  EXPECT_THROW(state_from_json(some), nlohmann::json::exception);
}

}  // namespace
}  // namespace nelumbo
