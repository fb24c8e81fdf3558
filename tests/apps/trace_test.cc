// SPDX-License-Identifier: Apache-2.0
#include "apps/trace.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"

namespace nelumbo {
namespace {

TEST(Trace, TellsWhatWasDrawnAndWhatItScored) {
  const auto trace = trace_of(sample_group(gray_picture(64, 48)), 0, false);
  EXPECT_EQ(trace["prompt"]["id"], "val/BloodImage_00007/locate/0");
  EXPECT_EQ(trace["version"], 12);
  EXPECT_EQ(trace["tokens"].size(), 4U);
  EXPECT_EQ(trace["answer_box"][0], 210.0);
  EXPECT_EQ(trace["outcome"]["kind"], "score");
  EXPECT_EQ(trace["outcome"]["components"][0]["name"], "iou");
  EXPECT_EQ(trace["outcome"]["steps"][0]["factor"], 0.9);
  EXPECT_TRUE(trace["outcome"]["gate"].is_null());
}

TEST(Trace, LeavesPicturesOutUnlessAsked) {
  const ScoredGroup group = sample_group(gray_picture(64, 48));
  EXPECT_FALSE(trace_of(group, 0, false).contains("picture"));
  EXPECT_FALSE(trace_of(group, 0, false)["calls"][0].contains("observation"));
  EXPECT_TRUE(trace_of(group, 0, true)["calls"][0].contains("observation"));
}

TEST(Trace, ShrinksAWidePictureAndSaysByHowMuch) {
  const auto picture = trace_of(sample_group(gray_picture(640, 480)), 0, true)["picture"];
  EXPECT_EQ(picture["width"], 320);
  EXPECT_EQ(picture["height"], 240);
  EXPECT_EQ(picture["scale"], 2.0);
  EXPECT_EQ(picture["jpeg"].get<std::string>().substr(0, 4), "/9j/");  // ff d8 ff
}

TEST(Trace, IsValidJsonWhateverBytesThePolicyDraws) {
  const auto trace = trace_of(sample_group(gray_picture(8, 8)), 1, false);
  EXPECT_NE(trace.dump().find("\uFFFD"), std::string::npos);
  EXPECT_EQ(trace["outcome"]["kind"], "invalid");
  EXPECT_EQ(trace["outcome"]["reason"], "no answer");
  EXPECT_EQ(trace["finish"], "length");
}

}  // namespace
}  // namespace nelumbo
