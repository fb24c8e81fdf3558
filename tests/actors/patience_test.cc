// SPDX-License-Identifier: Apache-2.0
#include "actors/patience.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Patience, IsSixTimesTheLowerQuartileOfTheLatest) {
  Patience patience;
  for (int i = 1; i <= 8; ++i)
    patience.took(seconds(i));
  EXPECT_FALSE(patience.limit()) << "others that began with them may go on";
  patience.settle();
  EXPECT_EQ(patience.limit(), seconds(18));
  for (size_t i = 0; i < Patience::kMost; ++i)
    patience.took(seconds(1));
  EXPECT_EQ(patience.limit(), seconds(6)) << "so many are enough, and older ones are forgotten";
}

TEST(Patience, SaysNothingFromTooFew) {
  Patience patience;
  for (size_t i = 1; i < Patience::kFewest; ++i)
    patience.took(seconds(1));
  patience.settle();
  EXPECT_FALSE(patience.limit());
}

TEST(Patience, IsThatOfTheOthersWhereHalfOfTheGroupsAreWithASlowOne) {
  Patience patience;
  for (int i = 0; i < 8; ++i)
    patience.took(seconds(i % 2 == 0 ? 1 : 10));
  patience.settle();
  EXPECT_EQ(patience.limit(), seconds(6));
}

TEST(Patience, CallsNothingSlowThatTakesNextToNoTime) {
  Patience patience;
  for (size_t i = 0; i < Patience::kFewest; ++i)
    patience.took(milliseconds(1));
  patience.settle();
  EXPECT_EQ(patience.limit(), Patience::kLeast);
}

TEST(Patience, ARestIsLongBesideWhatItCostsToTryAgain) {
  EXPECT_EQ(Patience::rest(milliseconds(300)), seconds(10));
  EXPECT_EQ(Patience::rest(seconds(60)), seconds(1200));
}

}  // namespace
}  // namespace nelumbo
