// SPDX-License-Identifier: Apache-2.0
#include "reward/reloading_spec.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/check.h"
#include "reward/judge_trial.h"
#include "tests/reward/stage.h"
#include "tests/support/judge_stub.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr const char* kExact =
    "specs: {count: {layers: {rule: {terms: [{kind: exact, truth: answer}]}}}}\n";
constexpr const char* kShort =
    "specs: {count: {layers: {rule: {terms: [{kind: length, max: 5}]}}}}\n";

class ReloadingSpecTest : public ::testing::Test {
 protected:
  ReloadingSpecTest() {
    write(kExact);
    auto first = RewardSpec::read(path());
    NELUMBO_CHECK(first.ok()) << first.error().message;
    spec_ = std::make_unique<ReloadingSpec>(path(), first.value());
  }
  std::string path() const { return folder_ / "spec.yaml"; }
  void write(const std::string& text) const { std::ofstream(path()) << text; }

  /// The total of the answer "two" where "one" is right.
  double total() const {
    auto group = Group();
    group.prompt = std::make_shared<const Prompt>(prompt_with({{"answer", "one"}}));
    group.trajectories = {answer_candidate(*group.prompt, "two")};
    return spec_->score(group).front().total;
  }

  TemporaryFolder folder_;
  std::unique_ptr<ReloadingSpec> spec_;
};

TEST_F(ReloadingSpecTest, KeepsWhatItReadUntilItIsRefreshed) {
  const std::string before = spec_->hash();
  EXPECT_FALSE(spec_->refresh().value().has_value());
  write(kShort);
  EXPECT_EQ(total(), 0);
  EXPECT_EQ(spec_->hash(), before);
  const auto change = spec_->refresh();
  ASSERT_TRUE(change.ok() && change.value());
  EXPECT_EQ(change.value()->old_hash, before);
  EXPECT_EQ(change.value()->new_hash, spec_->hash());
  EXPECT_EQ(total(), 1);
  EXPECT_FALSE(spec_->refresh().value().has_value());
}

TEST_F(ReloadingSpecTest, TakesUpNoJudgeThatIsUnfit) {
  JudgeStub stub([](const StubAsk& ask) { return verdict(ask, true); });
  const std::string judged =
      "judges: {g: {url: '" + stub.url() +
      "', model: m, retries: 0}}\n"
      "specs: {count: {layers: {rubric: {judge: g, criteria: [{criterion: It says red}]}}}}\n";
  write(judged);
  const auto refused = spec_->refresh();
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("judge g is refused"), std::string::npos);
  stub.change(honest);
  write(judged + "# a sensible one\n");
  ASSERT_TRUE(spec_->refresh().ok()) << spec_->refresh().error().message;
  EXPECT_EQ(spec_->examine_judges().size(), 1u);
}

TEST_F(ReloadingSpecTest, StaysWithTheOldTextWhereTheNewOneCannotBeUsed) {
  const std::string before = spec_->hash();
  EXPECT_EQ(total(), 0);
  const auto refused = [&](const std::string& text) {
    write(text);
    const auto change = spec_->refresh();
    EXPECT_EQ(spec_->hash(), before);
    EXPECT_EQ(total(), 0);
    return change.ok() ? "" : change.error().message;
  };
  EXPECT_NE(refused("specs: [").find("spec.yaml:"), std::string::npos);
  EXPECT_NE(
      refused(std::string(kShort) + "tests: [{spec: count, answer: 'two', expect: {total: 0}}]\n")
          .find("total is 1, expected = 0"),
      std::string::npos);
  EXPECT_NE(
      refused("specs: {other: {layers: {rule: {terms: [{kind: length, max: 5}]}}}}").find("count"),
      std::string::npos);
  EXPECT_NE(refused("specs: {count: {layers: {rule: {terms: [{kind: exact, truth: word}]}}}}")
                .find("'word'"),
            std::string::npos);
}

TEST_F(ReloadingSpecTest, NamesAFileThatIsGone) {
  std::filesystem::remove(path());
  const auto change = spec_->refresh();
  ASSERT_FALSE(change.ok());
  EXPECT_NE(change.error().message.find("spec.yaml"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
