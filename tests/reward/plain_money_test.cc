// SPDX-License-Identifier: Apache-2.0
#include "reward/plain_money.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(PlainMoney, HasItsSignInFrontAndTheSignOfTheCurrencyBehindIt) {
  for (const char* text : {"-$18", "$-18", "- $18", "$ -18", "-USD 18", "US$-18", "-US$ 18"})
    EXPECT_EQ(with_plain_money(text), "-$18") << text;
  EXPECT_EQ(with_plain_money("USD 1,234 in all"), "$1,234 in all");
  EXPECT_EQ(with_plain_money("EUR 5"), "€5");
  EXPECT_EQ(with_plain_money("+$.5"), "+$.5");
}

TEST(PlainMoney, LeavesAloneWhatBeginsOtherwise) {
  for (const char* text : {"", "18", "-18", "-$-18", "USDA 5", "$x - 18", "18 USD", "5 - $18", "$",
                           "A$18", "$-", "$--18"})
    EXPECT_EQ(with_plain_money(text), text) << text;
}

}  // namespace
}  // namespace nelumbo
