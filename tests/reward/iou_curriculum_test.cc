// SPDX-License-Identifier: Apache-2.0
#include "reward/iou_curriculum.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

IouCurriculumConfig short_window() {
  IouCurriculumConfig config;
  config.window = 4;
  return config;
}

/// Steps until the threshold rises when every answer has this IoU.
int64_t steps_to_rise(IouCurriculum& curriculum, double value) {
  for (int64_t step = 1; step <= 100; ++step)
    if (curriculum.observe({value, value}))
      return step;
  return 0;
}

TEST(IouCurriculumTest, RisesByLessEachTime) {
  IouCurriculum curriculum(short_window());
  EXPECT_EQ(steps_to_rise(curriculum, 0.9), 4);
  EXPECT_DOUBLE_EQ(curriculum.threshold(), 0.45);
  // Half of the window was dropped.
  EXPECT_EQ(steps_to_rise(curriculum, 0.9), 2);
  EXPECT_DOUBLE_EQ(curriculum.threshold(), 0.55);
  steps_to_rise(curriculum, 0.9);
  EXPECT_DOUBLE_EQ(curriculum.threshold(), 0.60);
  steps_to_rise(curriculum, 0.9);
  EXPECT_DOUBLE_EQ(curriculum.threshold(), 0.65);
}

TEST(IouCurriculumTest, StopsAtItsEnd) {
  IouCurriculum curriculum(short_window());
  while (steps_to_rise(curriculum, 1.0) > 0) {
  }
  EXPECT_DOUBLE_EQ(curriculum.threshold(), 0.75);
}

TEST(IouCurriculumTest, WaitsForTheMargin) {
  IouCurriculum curriculum(short_window());
  EXPECT_EQ(steps_to_rise(curriculum, 0.39), 0);
  EXPECT_GT(steps_to_rise(curriculum, 0.41), 0);
}

TEST(IouCurriculumTest, WaitsForHitsAndForSteadiness) {
  IouCurriculum few_hits(short_window());
  IouCurriculum unsteady(short_window());
  for (int step = 0; step < 20; ++step) {
    // Mean 0.45, but half of the answers miss.
    EXPECT_FALSE(few_hits.observe({0.9, 0.0}));
    // Mean 0.66 and two hits of three, with a deviation of 0.47.
    EXPECT_FALSE(unsteady.observe({1.0, 1.0, 0.0}));
  }
}

TEST(IouCurriculumTest, RefusesToFall) {
  IouCurriculumConfig config;
  config.end = 0.2;
  EXPECT_EQ(config.validate().error().message, "end: must be >= start");
}

}  // namespace
}  // namespace nelumbo
