// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "learner/nccl_device.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::vector<std::string> check_words(const std::string& config) {
  return {"check", config,
          "--set", "data.root=" + in_repository("data"),
          "--set", "reward.spec=" + in_repository("configs/rewards/medical.yaml"),
          "--set", "data.train_limit=2",
          "--set", "data.val_limit=2",
          "--json"};
}

TEST(RunCommands, CheckEveryShippedConfiguration) {
  for (const char* name : {"quickstart", "smoke", "tiny"}) {
    const Called called =
        call(check_words(in_repository(std::string("configs/") + name + ".yaml")));
    ASSERT_EQ(called.code, 0) << called.err;
    EXPECT_EQ(nlohmann::json::parse(called.out)["pictures"]["val"], 2);
  }
}

TEST(RunCommands, CheckNamesThePlaceAndTheWordThatWasMeant) {
  const TemporaryFolder folder;
  put_file(folder / "c.yaml", "rl:\n  stpes: 3\n");
  const Called called = call(check_words(folder / "c.yaml"));
  EXPECT_EQ(called.code, 2);
  EXPECT_EQ(called.out, "");
  EXPECT_TRUE(has(called.err, "c.yaml:2:3: rl.stpes: ")) << called.err;
  EXPECT_TRUE(has(called.err, "did you mean 'steps'?")) << called.err;
}

TEST(RunCommands, CheckSaysAllThatIsWrongWithSpecificationAndDataAndRunTheFirst) {
  const TemporaryFolder folder;
  put_file(folder / "c.yaml", "reward: {spec: none.yaml}\ndata: {root: nowhere}\n");
  const Called checked = call({"check", folder / "c.yaml"});
  EXPECT_EQ(checked.code, 2);
  EXPECT_TRUE(has(checked.err, "reward.spec: none.yaml: ")) << checked.err;
  EXPECT_TRUE(has(checked.err, "\nnowhere/bccd/train.txt: ")) << checked.err;
  const Called run = call({"run", folder / "c.yaml", "--set", "run.root=" + folder.path()});
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  EXPECT_TRUE(has(run.err, "(the first of ")) << run.err;
}

TEST(RunCommands, CheckAndRunRefuseAGpuThatIsNotThere) {
  if (require_nccl(1).ok())
    GTEST_SKIP() << "there is one, and NCCL";
  const TemporaryFolder folder;
  const std::string tiny = in_repository("configs/tiny.yaml");
  const Called checked = call({"check", tiny, "--set", "placement.collectives=nccl"});
  EXPECT_EQ(checked.code, 3) << checked.err;
  EXPECT_TRUE(has(checked.err, "placement.collectives: ")) << checked.err;
  const Called run = call(
      {"run", tiny, "--set", "run.root=" + folder.path(), "--set", "placement.collectives=nccl"});
  EXPECT_EQ(run.code, 3) << run.err;
  EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
}

TEST(RunCommands, RunFailsWithOneLineOnAConfigurationThatIsNotThere) {
  const Called called = call({"run", "no/such.yaml", "--json"});
  EXPECT_EQ(called.code, 2);
  EXPECT_EQ(called.out, "");
  EXPECT_TRUE(has(called.err, "no/such.yaml"));
}

}  // namespace
}  // namespace nelumbo
