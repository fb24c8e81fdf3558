// SPDX-License-Identifier: Apache-2.0
#include "apps/machine.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Machine, TellsWhatTimesAreScaledBy) {
  Team team(1);
  const nlohmann::json machine = machine_json(team);
  EXPECT_EQ(machine["threads"], 1);
  EXPECT_GT(machine["gflops"].get<double>(), 0);
  EXPECT_FALSE(machine["isa"].get<std::string>().empty());
  EXPECT_FALSE(machine["cpu"].get<std::string>().empty());
}

TEST(Machine, CountsTheMemoryThatWasHeld) {
  const double before = peak_memory_mb();
  std::vector<char> block(200 << 20, 1);
  EXPECT_GT(peak_memory_mb(), std::max(before, 200.0) - 1) << block.back();
}

}  // namespace
}  // namespace nelumbo
