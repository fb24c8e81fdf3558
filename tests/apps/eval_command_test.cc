// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/small_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class EvalCommand : public ::testing::Test {
 protected:
  void SetUp() override { put_tiny_policy(folder_.path()); }

  Called eval(const std::string& suite) {
    return call({"eval", folder_.path(), suite, "--data", in_repository("data"), "--pictures", "2",
                 "--bootstrap", "20", "--json"});
  }

  TemporaryFolder folder_;
};

TEST_F(EvalCommand, PrintsClassesAndSetsWithIntervals) {
  const Called called = eval("all");
  ASSERT_EQ(called.code, 0) << called.err;
  const json scores = json::parse(called.out);
  EXPECT_EQ(scores["suite"], "all");
  EXPECT_TRUE(scores["classes"]["imaging"]["sets"].contains("locate"));
  const json& visual = scores["classes"]["visual"];
  EXPECT_LE(visual["low"].get<double>(), visual["score"].get<double>());
  EXPECT_LE(visual["score"].get<double>(), visual["high"].get<double>());
}

TEST_F(EvalCommand, ScoresTheSameEveryTime) {
  EXPECT_EQ(eval("locate").out, eval("locate").out);
}

TEST_F(EvalCommand, RefusesASuiteThatIsNone) {
  const Called called = eval("everything");
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "everything"));
}

TEST_F(EvalCommand, NamesTheDataThatAreMissing) {
  const Called called = call({"eval", folder_.path(), "all", "--data", "no/such/data"});
  EXPECT_NE(called.code, 0);
  EXPECT_TRUE(has(called.err, "no/such/data"));
}

}  // namespace
}  // namespace nelumbo
