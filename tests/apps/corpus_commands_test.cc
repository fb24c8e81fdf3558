// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"

namespace nelumbo {
namespace {

TEST(CorpusCommands, ExplainThemselves) {
  const Called called = call({"corpus", "--help"});
  EXPECT_EQ(called.code, 0);
  EXPECT_TRUE(has(called.out, "clean")) << called.out;
  EXPECT_TRUE(has(called.out, "synthesize")) << called.out;
}

TEST(CorpusCommands, AnswerAMisspeltOneWithTheNearest) {
  const Called called = call({"corpus", "claen"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "did you mean 'clean'?")) << called.err;
}

}  // namespace
}  // namespace nelumbo
