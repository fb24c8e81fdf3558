// SPDX-License-Identifier: Apache-2.0
#include "actors/patience.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Patience, IsTwiceTheLongestOfTheLast) {
  Patience patience;
  for (size_t i = 1; i < Patience::kFewest; ++i)
    patience.took(seconds(1));
  EXPECT_FALSE(patience.limit()) << "too few";
  patience.took(seconds(4));
  EXPECT_EQ(patience.limit(), seconds(8));
  for (size_t i = 0; i < Patience::kMost; ++i)
    patience.took(seconds(1));
  EXPECT_EQ(patience.limit(), seconds(2)) << "the long one is forgotten";
}

TEST(Patience, CallsNothingSlowThatTakesNextToNoTime) {
  Patience patience;
  for (size_t i = 0; i < Patience::kFewest; ++i)
    patience.took(milliseconds(1));
  EXPECT_EQ(patience.limit(), Patience::kLeast);
}

TEST(Patience, ARestIsLongBesideWhatItCostsToTryAgain) {
  EXPECT_EQ(Patience::rest(milliseconds(300)), seconds(10));
  EXPECT_EQ(Patience::rest(seconds(60)), seconds(1200));
}

}  // namespace
}  // namespace nelumbo
