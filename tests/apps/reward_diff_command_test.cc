// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/apps/scored_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr const char* kShortSpec =
    "specs: {word: {layers: {rule: {terms: [{kind: length, max: 3}]}}}}\n";

Called diff(const TemporaryFolder& folder, bool json) {
  put_scored_run(folder / "run", {"one", "two", "\x1b[2Jlong"});
  put_file(folder / "old.yaml", kWordSpec);
  put_file(folder / "new.yaml", kShortSpec);
  std::vector<std::string> arguments = {
      "reward", "diff", folder / "old.yaml", folder / "new.yaml", "--run", folder / "run"};
  if (json)
    arguments.push_back("--json");
  return call(arguments);
}

TEST(RewardDiffCommand, SaysWhatAChangeWouldHaveMeant) {
  const TemporaryFolder folder;
  const Called called = diff(folder, true);
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["now_right"], 1);
  EXPECT_EQ(report["moved"], 1);
  EXPECT_EQ(report["largest"][0]["text"], "<answer>two</answer>");
}

TEST(RewardDiffCommand, PrintsNothingThatATerminalObeys) {
  const TemporaryFolder folder;
  put_file(folder / "any.yaml",
           "specs: {word: {layers: {rule: {terms: [{kind: length, max: 30}]}}}}\n");
  const Called called = diff(folder, false);
  EXPECT_TRUE(has(called.out, "the largest changes")) << called.out;
  const Called all =
      call({"reward", "diff", folder / "new.yaml", folder / "any.yaml", "--run", folder / "run"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_TRUE(has(all.out, "\\x1b[2Jlong")) << all.out;
  EXPECT_FALSE(has(all.out, "\x1b"));
}

TEST(RewardDiffCommand, NamesTheSpecificationThatIsNotThere) {
  const TemporaryFolder folder;
  put_file(folder / "old.yaml", kWordSpec);
  const Called called =
      call({"reward", "diff", folder / "old.yaml", folder / "none.yaml", "--run", "x"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "none.yaml")) << called.err;
}

}  // namespace
}  // namespace nelumbo
