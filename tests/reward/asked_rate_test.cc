// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_rate.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

AskedRate rate_of(std::string_view question) {
  const auto pieces = pieces_of(question);
  const auto phrases = unit_phrases(pieces);
  return asked_rate(pieces, phrases, asking_of(pieces, phrases).clauses);
}

/// Whether an hour may stand under the line.
bool asks_by_the_hour(std::string_view question) {
  const AskedRate rate = rate_of(question);
  return rate.below.size() == 1 && is_same_unit(rate.below.front(), *unit_named("hour"));
}

TEST(AskedRates, AreOfEach) {
  for (const char* question :
       {"How many clips are in each box?", "How much is it per box?", "How fast is he?",
        "What is his speed?", "What does a pen cost?", "They split the bill. What did they pay?",
        "In equal parts, how many are there?", "What is his hourly wage?"})
    EXPECT_TRUE(rate_of(question).of_each) << question;
  for (const char* question :
       {"Each box has 5. How many are there?", "If each box has 5, how many are there?",
        "How many are there if each box has 5?", "How much are 3 pens at $2 each?",
        "How much do the pens cost?", "How much does she earn at $20 an hour?", ""})
    EXPECT_FALSE(rate_of(question).of_each) << question;
}

TEST(AskedRates, NameWhatStandsUnderTheLine) {
  for (const char* question :
       {"How much does she earn per hour?", "How many miles an hour is that?",
        "In an hour, how much does she earn?", "How much does she earn in 1 hour?",
        "If she works 5 days, how much does she earn each hour?", "What is her hourly wage?"})
    EXPECT_TRUE(asks_by_the_hour(question)) << question;
  for (const char* question :
       {"How much does she earn in 3 hours?", "How far does he get in two hours?",
        "She earns $20 an hour. How much is that?", "How much is it at $20 an hour?",
        "If she earns $20 each hour, how much is it?", "How much is it in a 40-hour week?"})
    EXPECT_FALSE(asks_by_the_hour(question)) << question;
}

}  // namespace
}  // namespace nelumbo
