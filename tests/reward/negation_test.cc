// SPDX-License-Identifier: Apache-2.0
#include "reward/negation.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Negation, ReachesOverTheClause) {
  EXPECT_EQ(assertions_of("fever", "Denies cough or fever.").denied, 1);
  EXPECT_EQ(assertions_of("fever", "Denies cough. Fever since Monday.").affirmed, 1);
  EXPECT_EQ(assertions_of("effusion", "No pneumonia, but a small effusion").affirmed, 1);
}

TEST(Negation, StandsBehindToo) {
  EXPECT_EQ(assertions_of("pneumonia", "Pneumonia was ruled out.").denied, 1);
  EXPECT_EQ(assertions_of("pneumonia", "Pneumonia cannot be ruled out.").affirmed, 1);
}

TEST(Negation, IsNotWhatOnlyLooksLikeIt) {
  EXPECT_EQ(assertions_of("fracture", "Not only a fracture").affirmed, 1);
  EXPECT_EQ(assertions_of("mass", "No change in the mass").affirmed, 1);
}

TEST(Negation, CountsEachWholeWord) {
  const Assertions found = assertions_of("rash", "Rash. No rash. Rashes.");
  EXPECT_EQ(found.affirmed, 1);
  EXPECT_EQ(found.denied, 1);
  EXPECT_EQ(assertions_of("", "anything").affirmed, 0);
}

}  // namespace
}  // namespace nelumbo
