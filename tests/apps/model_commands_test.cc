// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"

namespace nelumbo {
namespace {

TEST(ModelCommands, AreNamedByTheirHelp) {
  const Called called = call({"model", "--help"});
  EXPECT_EQ(called.code, 0);
  for (const char* command : {"inspect", "export", "score", "render", "tokenize"})
    EXPECT_TRUE(has(called.out, command)) << command;
}

}  // namespace
}  // namespace nelumbo
