// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(TopCommand, ShowsAFinishedRunAndEndsAtOnceWhenItFollows) {
  const TemporaryFolder folder;
  put_file(folder / "STATUS", "done after 12 steps\n");
  const Called called = call({"top", folder.path(), "--follow"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(called.out, folder.path() + ": done after 12 steps; nobody works on it\n");
  EXPECT_EQ(nlohmann::json::parse(call({"top", folder.path(), "--json"}).out)["state"], "done");
}

TEST(TopCommand, RefusesWhatIsNoRun) {
  const TemporaryFolder folder;
  EXPECT_EQ(call({"top", folder.path()}).code, 2);
  EXPECT_EQ(call({"top"}).code, 2);
}

}  // namespace
}  // namespace nelumbo
