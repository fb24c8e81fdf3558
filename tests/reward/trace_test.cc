// SPDX-License-Identifier: Apache-2.0
#include "reward/trace.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/zstd.h"
#include "tests/support/fake_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Trace, ReadsBackWhatItWrote) {
  const TemporaryFolder folder;
  const std::string path = folder / "rl/step_3.jsonl.zst";
  ASSERT_TRUE(write_trace(path, to_traces({fake_scored(1, {0.5}), fake_scored(2, {0, 1})})).ok());
  const auto lines = read_trace(path);
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines.value().size(), 2U);
  EXPECT_EQ(lines.value()[1]["prompt"]["id"], "p2");
  EXPECT_EQ(lines.value()[1]["trajectories"][1]["outcome"]["total"], 1);
  EXPECT_EQ(lines.value()[0]["trajectories"][0]["sampled"], (std::vector<int>{1, 0}));
}

TEST(Trace, HoldsWhatScoringLooksAt) {
  ScoredGroup scored = fake_scored(1, {0.5});
  scored.spec_hash = "abc";
  auto prompt = std::make_shared<Prompt>(*scored.group->prompt);
  prompt->image = std::make_shared<const Image>(Image{64, 48, {}});
  prompt->orientation = {true, 1};
  auto group = std::make_shared<Group>(*scored.group);
  group->prompt = prompt;
  group->trajectories[0].thoughts = {{"A | b | C", 2, 5}};
  scored.group = group;
  const auto written = to_trace(scored);
  EXPECT_EQ(written["spec_hash"], "abc");
  EXPECT_EQ(written["prompt"]["size"], (std::vector<int>{64, 48}));
  EXPECT_EQ(written["prompt"]["orientation"]["quarters"], 1);
  EXPECT_EQ(written["trajectories"][0]["thoughts"][0]["last_token"], 5);
  EXPECT_FALSE(to_trace(fake_scored(1, {0.5}))["prompt"].contains("size"));
}

TEST(Trace, SaysWhyAnOutcomeIsNoScore) {
  ScoredGroup scored = fake_scored(1, {0});
  scored.outcomes[0].kind = Outcome::Kind::kInvalid;
  scored.outcomes[0].reason = "no answer";
  const auto outcome = to_trace(scored)["trajectories"][0]["outcome"];
  EXPECT_EQ(outcome["kind"], "invalid");
  EXPECT_EQ(outcome["reason"], "no answer");
  EXPECT_FALSE(outcome.contains("total"));
}

TEST(Trace, TellsWhereAToolCallLies) {
  ScoredGroup scored = fake_scored(1, {0});
  auto group = std::make_shared<Group>(*scored.group);
  ToolCall call;
  call.name = "zoom";
  call.box = Box{0, 0, 500, 500};
  call.original_box = Box{0, 0, 320, 240};
  group->trajectories[0].calls.push_back(call);
  scored.group = group;
  const auto written = to_trace(scored)["trajectories"][0]["calls"][0];
  EXPECT_EQ(written["original_box"], (std::vector<double>{0, 0, 320, 240}));
}

TEST(Trace, KeepsTextThatIsNoUtf8Readable) {
  const TemporaryFolder folder;
  ScoredGroup scored = fake_scored(1, {0});
  auto group = std::make_shared<Group>(*scored.group);
  group->trajectories[0].text = "\xff\xfe box";
  scored.group = group;
  ASSERT_TRUE(write_trace(folder / "t.zst", to_traces({scored})).ok());
  const auto lines = read_trace(folder / "t.zst");
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ(lines.value()[0]["trajectories"][0]["text"], "\ufffd\ufffd box");
  EXPECT_EQ(lines.value()[0]["trajectories"][0]["text_base64"], "//4gYm94");
}

TEST(Trace, RefusesADamagedFile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "t.zst", "not compressed at all").ok());
  const auto lines = read_trace(folder / "t.zst");
  ASSERT_FALSE(lines.ok());
  EXPECT_NE(lines.error().message.find("t.zst"), std::string::npos);
}

TEST(Trace, RefusesAFileThatWasEmptied) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "t.zst", "").ok());
  const auto emptied = read_trace(folder / "t.zst");
  ASSERT_FALSE(emptied.ok());
  EXPECT_EQ(emptied.error().code, Errc::kBadData);
  EXPECT_NE(emptied.error().message.find("t.zst: is empty"), std::string::npos);
  ASSERT_TRUE(write_trace(folder / "none.zst", {}).ok());
  EXPECT_TRUE(read_trace(folder / "none.zst").value().empty());
}

TEST(Trace, NamesTheLineThatIsDamaged) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "t.zst", zstd_compress("{}\n{\"group\":\n")).ok());
  const auto lines = read_trace(folder / "t.zst");
  ASSERT_FALSE(lines.ok());
  EXPECT_EQ(lines.error().message, folder / "t.zst" + ":2: is not JSON");
}

}  // namespace
}  // namespace nelumbo
