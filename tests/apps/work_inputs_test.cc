// SPDX-License-Identifier: Apache-2.0
#include "apps/work_inputs.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// What differs between the inputs of two processes, as the coordinator says it.
std::string difference(const RunConfig& config, const StageInputs& inputs) {
  const auto ours = work_inputs(RunConfig(), {"data", "reward"}).value();
  const auto same = check_inputs("w", ours, work_inputs(config, inputs).value());
  return same ? "" : same.error().message;
}

TEST(WorkInputs, AreTheSameWhereAllIs) {
  EXPECT_EQ(difference(RunConfig(), {"data", "reward"}), "");
}

TEST(WorkInputs, DifferWithConfigurationAndDataButNotWithTheReward) {
  RunConfig other;
  other.run.seed = 99;
  EXPECT_EQ(difference(other, {"data", "reward"}),
            "worker w may not work: it has another configuration than the coordinator; give both "
            "machines the same files and program");
  EXPECT_NE(difference(RunConfig(), {"other", "reward"}).find("another data than"),
            std::string::npos);
  EXPECT_EQ(difference(RunConfig(), {"data", "edited"}), "");
}

}  // namespace
}  // namespace nelumbo
