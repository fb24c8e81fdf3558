// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(CheckDeathTest, EndsTheProcessAndSaysWhereAndWhy) {
  const int tokens = 3;
  EXPECT_EXIT(NELUMBO_CHECK(tokens == 4) << "got " << tokens << " tokens",
              testing::ExitedWithCode(70),
              "bug: .*check_test.cc:[0-9]+: tokens == 4: got 3 tokens");
}

TEST(Check, EvaluatesItsMessageOnlyWhenItFails) {
  int calls = 0;
  const auto count = [&calls] { return ++calls; };
  NELUMBO_CHECK(calls == 0) << count();
  EXPECT_EQ(calls, 0);
}

TEST(Check, LeavesAnElseToItsOwnIf) {
  bool reached = false;
  if (!reached)
    NELUMBO_CHECK(true) << "never";
  else
    reached = true;
  EXPECT_FALSE(reached);
}

}  // namespace
}  // namespace nelumbo
