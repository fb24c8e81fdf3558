// SPDX-License-Identifier: Apache-2.0
#include "corpus/holdout.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Holdout, TrainsOnFourFifths) {
  int train = 0;
  for (int i = 0; i < 10'000; ++i)
    train += part_of("line-" + std::to_string(i)) == Part::kTrain ? 1 : 0;
  EXPECT_NEAR(train, 8000, 150);
}

TEST(Holdout, DependsOnTheIdAlone) {
  EXPECT_EQ(part_of("10808977"), part_of(std::string("108") + "08977"));
}

}  // namespace
}  // namespace nelumbo
