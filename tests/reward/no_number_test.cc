// SPDX-License-Identifier: Apache-2.0
#include "reward/no_number.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(NoNumber, SaysWhatKeepsAnAnswerFromBeingOne) {
  EXPECT_EQ(no_number("72 kg", "refuse"), "'72 kg' is no number: 'kg' stands beside it");
  EXPECT_EQ(no_number("72 kg of clips", "known"),
            "'72 kg of clips' is no number: 'of' stands beside it");
  EXPECT_EQ(no_number("about 72", "asked"), "'about 72' is no number: 'about' stands beside it");
  EXPECT_EQ(no_number("72 dozen clips", "asked"),
            "'72 dozen clips' is no number: 'dozen' makes it another one");
  EXPECT_EQ(no_number("72 or 71", "asked"), "'72 or 71' is no number: 'or' makes it another one");
  EXPECT_EQ(no_number("30 B12", "asked"), "'30 B12' is no number: 'B12' stands beside it");
  EXPECT_EQ(no_number("8*9", "asked"), "'8*9' is no number: there are several");
  EXPECT_EQ(no_number("seventy", "refuse"), "'seventy' is no number: it has no digits");
  EXPECT_EQ(no_number("The answer is not 72", "refuse"),
            "'The answer is not 72' is no number: 'not' stands beside it");
  EXPECT_EQ(no_number("72?", "refuse"), "'72?' is no number: it asks");
  EXPECT_EQ(no_number(" ", "refuse"), "' ' is no number: nothing is said");
  EXPECT_EQ(no_number("~72", "refuse"), "'~72' is no number");
}

}  // namespace
}  // namespace nelumbo
