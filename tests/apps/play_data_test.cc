// SPDX-License-Identifier: Apache-2.0
#include "apps/play_data.h"

#include <gtest/gtest.h>

#include "base/zstd.h"
#include "tests/apps/sample_run.h"
#include "tests/apps/scored_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(PlayData, ShowsWhatDecidedEachAnswer) {
  const auto group = play_group(sample_group(gray_picture(64, 48)));
  EXPECT_EQ(group["prompt"], "val/BloodImage_00007/locate/0");
  EXPECT_EQ(group["spec"], "locate");
  ASSERT_EQ(group["answers"].size(), 2U);
  const auto& good = group["answers"][0];
  EXPECT_EQ(good["outcome"], "score");
  EXPECT_EQ(good["total"], 0.74);
  EXPECT_EQ(good["components"][0]["name"], "iou");
  EXPECT_EQ(good["components"][0]["weight"], 0.7);
  EXPECT_EQ(good["components"][2]["layer"], "step");
  EXPECT_EQ(good["components"][2]["evidence"], "unused tool");
  const auto& bad = group["answers"][1];
  EXPECT_EQ(bad["outcome"], "invalid");
  EXPECT_EQ(bad["reason"], "no answer");
  EXPECT_EQ(bad["text"], "\ufffd<script>alert(1)</script>");
}

TEST(PlayData, CutsLongTextsAndStaysUtf8) {
  ScoredGroup scored = sample_group(gray_picture(64, 48));
  auto group = std::make_shared<Group>(*scored.group);
  group->trajectories[0].text = "x";
  for (int i = 0; i < 3000; ++i)
    group->trajectories[0].text += "é";
  scored.group = group;
  const std::string text = play_group(scored)["answers"][0]["text"];
  EXPECT_LT(text.size(), 4020U);
  EXPECT_TRUE(text.ends_with(" ..."));
  EXPECT_EQ(nlohmann::json::parse(play_group(scored).dump()), play_group(scored));
}

TEST(PlayData, ReadsTheStepsOfARun) {
  const TemporaryFolder folder;
  put_simulated_run(folder / "run", Plant::kNone);
  const auto data = PlayData::open(folder / "run", "rl");
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data.value().overview()["steps"].size(), 24U);
  const auto step = data.value().step(3);
  ASSERT_TRUE(step.ok()) << step.error().message;
  EXPECT_EQ(step.value()["groups"].size(), 8U);
  EXPECT_TRUE(step.value()["left_out"].empty());
  EXPECT_EQ(data.value().step(99).error().code, Errc::kInvalidConfig);
}

TEST(PlayData, LeavesOutWhatIsTooMuchAndSaysSo) {
  const TemporaryFolder folder;
  nlohmann::json line = to_trace(sample_group(gray_picture(64, 48)));
  std::string lines;
  for (int64_t i = 0; i < PlayData::kMostGroups + 3; ++i) {
    line["group"] = i;
    lines += line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  put_file(folder / "run/traces/rl/step_1.jsonl.zst", zstd_compress(lines));
  const auto step = PlayData::open(folder / "run", "rl").value().step(1);
  ASSERT_TRUE(step.ok()) << step.error().message;
  EXPECT_EQ(step.value()["groups"].size(), static_cast<size_t>(PlayData::kMostGroups));
  EXPECT_EQ(step.value()["left_out"],
            nlohmann::json({{line["prompt"]["reward"].get<std::string>(), 3}}));
}

TEST(PlayData, SaysWhatCannotBeShown) {
  const TemporaryFolder folder;
  EXPECT_FALSE(PlayData::open(folder / "none", "rl").ok());
  put_file(folder / "run/traces/rl/step_1.jsonl.zst", zstd_compress("{}\n"));
  const auto step = PlayData::open(folder / "run", "rl").value().step(1);
  ASSERT_FALSE(step.ok());
  EXPECT_NE(step.error().message.find("step_1.jsonl.zst:1: "), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
