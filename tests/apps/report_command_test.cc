// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(ReportCommand, WritesThePageAndSaysWhere) {
  const TemporaryFolder folder;
  put_sample_run(folder.path(), gray_picture(64, 48));
  const Called called = call({"report", folder.path(), "--json"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(nlohmann::json::parse(called.out)["report"], folder / "report.html");
  EXPECT_TRUE(has(slurp(folder / "report.html"), "</html>"));
}

TEST(ReportCommand, RefusesWhatIsNoRun) {
  const TemporaryFolder folder;
  const Called called = call({"report", folder.path()});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, folder.path() + ": not a run directory"));
}

}  // namespace
}  // namespace nelumbo
