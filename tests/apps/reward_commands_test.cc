// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

Called try_spec(const std::string& spec) {
  return call({"reward", "try", spec, in_repository("data"), "--pictures", "4", "--questions", "5",
               "--json"});
}

TEST(RewardCommands, FindTheShippedSpecificationSound) {
  const Called called = try_spec(in_repository("configs/rewards/smear.yaml"));
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_TRUE(report["ok"].get<bool>());
  EXPECT_GT(report["answers"].get<int64_t>(), 0);
}

TEST(RewardCommands, AskWhatHasNoPictureAsARunDoes) {
  const Called called = try_spec(in_repository("configs/rewards/medical.yaml"));
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  const int64_t pictures =
      nlohmann::json::parse(try_spec(in_repository("configs/rewards/smear.yaml")).out)["prompts"];
  EXPECT_EQ(report["prompts"].get<int64_t>() - pictures,
            6 * 5 + 13);  // those of the tests of gsm8k
  for (const char* spec : {"multihop", "instruction", "pubmedqa", "medqa"})
    EXPECT_TRUE(std::ranges::any_of(report["rows"], [&](const auto& row) {
      return row["spec"] == spec;
    })) << spec;
}

TEST(RewardCommands, TryASpecificationOfNoTaskOfTheDataOnItsTests) {
  const Called called = call({"reward", "try", in_repository("configs/rewards/gsm8k.yaml")});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(try_spec(in_repository("configs/rewards/gsm8k.yaml")).code, 4) << "nothing of DATA";
}

TEST(RewardCommands, TryASpecificationWhoseVerifierIsAnotherProgram) {
  const Called called =
      call({"reward", "try", in_repository("configs/rewards/external_example.yaml")});
  EXPECT_EQ(called.code, 0) << called.err << called.out;
}

TEST(RewardCommands, SayNoToASpecificationThatFailsItsOwnTests) {
  const TemporaryFolder folder;
  std::string spec = slurp(in_repository("configs/rewards/smear.yaml"));
  const std::string right = "{kind: choice, truth: answer, letters: false, names: *kinds}";
  ASSERT_NE(spec.find(right), std::string::npos);
  spec.replace(spec.find(right), right.size(), "{kind: length, max: 64}");
  put_file(folder / "spec.yaml", spec);
  put_file(folder / "gates.yaml", slurp(in_repository("configs/rewards/gates.yaml")));
  const Called called = try_spec(folder / "spec.yaml");
  EXPECT_EQ(called.code, 6) << called.err;
  EXPECT_TRUE(has(called.err, "spec.yaml"));
}

TEST(RewardCommands, NameASpecificationThatIsNotThere) {
  const Called called = try_spec("no/such.yaml");
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "no/such.yaml: ")) << called.err;
}

TEST(RewardCommands, NameThePlaceOfAMisspeltKey) {
  const TemporaryFolder folder;
  put_file(folder / "spec.yaml", "specs:\n  locate:\n    layrs: {}\n");
  const Called called = try_spec(folder / "spec.yaml");
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "spec.yaml:3:")) << called.err;
  EXPECT_TRUE(has(called.err, "did you mean 'layers'?")) << called.err;
}

TEST(RewardCommands, PrintThePrecisionOfTheGatesOfRejectionSampling) {
  const Called called =
      call({"reward", "gates", "--data", in_repository("data"), "--count", "20", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["items"], 20);
  EXPECT_EQ(report["lucky"]["tried"], 20 * 12);
  EXPECT_EQ(report["wrong"]["passed"], 0);
  EXPECT_GE(report["precision"]["outcome"], 0.99);
  EXPECT_GE(report["precision"]["thinking"], 0.99);
}

}  // namespace
}  // namespace nelumbo
