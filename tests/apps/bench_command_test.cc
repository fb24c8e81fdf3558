// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"

namespace nelumbo {
namespace {

TEST(BenchCommand, GivesScriptsTheFigureWithItsUnitAndAnchor) {
  const Called called = call({"bench", "calibrate", "--threads", "1", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto figure = nlohmann::json::parse(called.out);
  EXPECT_EQ(figure["name"], "calibrate");
  EXPECT_EQ(figure["unit"], "GFLOP/s");
  EXPECT_GT(figure["own"].get<double>(), 0);
  EXPECT_GT(figure["anchor"].get<double>(), 0);
}

TEST(BenchCommand, FindsTheSameNamesOnBothSides) {
  const Called called = call({"bench", "tagging", "--data", in_repository("data"), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto figure = nlohmann::json::parse(called.out);
  EXPECT_EQ(figure["name"], "tagging");
  EXPECT_EQ(figure["unit"], "MB/s");
  EXPECT_GE(figure["names"].get<int64_t>(), 40'000);
  EXPECT_GT(figure["own"].get<double>(), 0);
}

TEST(BenchCommand, SuggestsTheBenchmarkThatWasMeant) {
  const Called called = call({"bench", "calibrat"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "did you mean 'calibrate'?"));
}

}  // namespace
}  // namespace nelumbo
