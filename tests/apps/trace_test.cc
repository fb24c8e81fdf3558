// SPDX-License-Identifier: Apache-2.0
#include "apps/trace.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"

namespace nelumbo {
namespace {

TEST(IllustratedTrace, ShrinksAWidePictureAndSaysByHowMuch) {
  const auto picture = illustrated_trace(sample_group(gray_picture(640, 480)))["picture"];
  EXPECT_EQ(picture["width"], 320);
  EXPECT_EQ(picture["height"], 240);
  EXPECT_EQ(picture["scale"], 2.0);
  EXPECT_EQ(picture["jpeg"].get<std::string>().substr(0, 4), "/9j/");  // ff d8 ff
}

TEST(IllustratedTrace, KeepsASmallPictureAsItIs) {
  const auto picture = illustrated_trace(sample_group(gray_picture(64, 48)))["picture"];
  EXPECT_EQ(picture["width"], 64);
  EXPECT_EQ(picture["scale"], 1.0);
}

TEST(IllustratedTrace, ShowsWhatAToolReturnedBesideItsCall) {
  const auto trace = illustrated_trace(sample_group(gray_picture(64, 48)));
  EXPECT_EQ(trace["trajectories"][0]["calls"][0]["observation"]["width"], 8);
  EXPECT_FALSE(trace["trajectories"][1]["calls"][0].contains("observation"));
}

TEST(Traces, ShowThePicturesOfTheFirstTwoGroupsOfATask) {
  const std::vector<ScoredGroup> groups(3, sample_group(gray_picture(8, 8)));
  const auto traces = traces_of("rl", groups);
  ASSERT_EQ(traces.size(), 3U);
  EXPECT_TRUE(traces[0].contains("picture"));
  EXPECT_TRUE(traces[1].contains("picture"));
  EXPECT_FALSE(traces[2].contains("picture"));
}

TEST(Traces, ShowNoPicturesOfAControl) {
  const std::vector<ScoredGroup> groups(1, sample_group(gray_picture(8, 8)));
  EXPECT_FALSE(traces_of("before_blank", groups)[0].contains("picture"));
  EXPECT_FALSE(traces_of("evaluate_no_tool", groups)[0].contains("picture"));
}

}  // namespace
}  // namespace nelumbo
