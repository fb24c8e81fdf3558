// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(RewardPlayCommand, SaysWhatCannotBeShown) {
  const TemporaryFolder folder;
  const Called called = call({"reward", "play", folder / "none"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "there is no such run directory")) << called.err;
  EXPECT_EQ(call({"reward", "play", folder.path()}).code, 4);
  EXPECT_EQ(call({"reward", "play", folder.path(), "--port", "70000"}).code, 2);
}

TEST(RewardPlayCommand, ShowsAnExample) {
  EXPECT_TRUE(has(call({"reward", "play", "--help"}).out, "nelumbo reward play runs/quickstart"));
}

}  // namespace
}  // namespace nelumbo
