// SPDX-License-Identifier: Apache-2.0
#include "apps/trace.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"

namespace nelumbo {
namespace {

TEST(IllustratedTrace, ShrinksAWidePictureAndSaysByHowMuch) {
  const auto picture = illustrated_trace(sample_group(gray_picture(640, 480)), 1)["picture"];
  EXPECT_EQ(picture["width"], 320);
  EXPECT_EQ(picture["height"], 240);
  EXPECT_EQ(picture["scale"], 2.0);
  EXPECT_EQ(picture["jpeg"].get<std::string>().substr(0, 4), "/9j/");  // ff d8 ff
}

TEST(IllustratedTrace, KeepsASmallPictureAsItIs) {
  const auto picture = illustrated_trace(sample_group(gray_picture(64, 48)), 1)["picture"];
  EXPECT_EQ(picture["width"], 64);
  EXPECT_EQ(picture["scale"], 1.0);
}

TEST(IllustratedTrace, ShowsWhatAToolReturnedBesideItsCall) {
  const auto trace = illustrated_trace(sample_group(gray_picture(64, 48)), 2);
  EXPECT_EQ(trace["trajectories"][0]["calls"][0]["observation"]["width"], 8);
  EXPECT_FALSE(trace["trajectories"][1]["calls"][0].contains("observation"));
}

TEST(IllustratedTrace, KeepsOnlyTheFirstTrajectories) {
  const ScoredGroup group = sample_group(gray_picture(8, 8));
  EXPECT_EQ(illustrated_trace(group, 1)["trajectories"].size(), 1U);
  EXPECT_EQ(illustrated_trace(group, 9)["trajectories"].size(), 2U);
}

}  // namespace
}  // namespace nelumbo
