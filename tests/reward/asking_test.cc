// SPDX-License-Identifier: Apache-2.0
#include "reward/asking.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// What a question asks for; its units are gone.
Asking asked(std::string_view question) {
  const auto pieces = pieces_of(question);
  const auto phrases = unit_phrases(pieces);
  Asking asking = asking_of(pieces, phrases);
  asking.units.clear();
  return asking;
}

TEST(Asking, SaysWhat) {
  const auto pieces = pieces_of("She works 2 hours. How many square feet does she paint?");
  const auto phrases = unit_phrases(pieces);
  const Asking asking = asking_of(pieces, phrases);
  EXPECT_TRUE(asking.says_what);
  ASSERT_EQ(asking.units.size(), 1u);
  EXPECT_EQ(asking.units.front()->written, "square feet");
  EXPECT_EQ(asked("How many red clips did she sell?").stems,
            (std::set<std::string>{"red", "clip"}));
  EXPECT_FALSE(asked("How many are left?").says_what);
  EXPECT_FALSE(asked("How much did she pay?").says_what);
  EXPECT_FALSE(asked("").says_what);
}

TEST(Asking, IsForPercentByName) {
  for (const char* question :
       {"What percentage is it?", "How much is it in percent?", "Which percent is that?",
        "What is his new win percentage?", "Rounded to the nearest percent, what is it?"}) {
    EXPECT_TRUE(asked(question).percent) << question;
    EXPECT_TRUE(asked(question).says_what) << question;
  }
  for (const char* question : {"If 20 percent leave, how many stay?", "It is 20%. What is it now?",
                               "The percentage rose. How much is it?"})
    EXPECT_FALSE(asked(question).percent) << question;
  const Asking both = asked("How much did he pay and what percentage did he save?");
  EXPECT_TRUE(both.percent);
  EXPECT_FALSE(both.says_what);
}

TEST(Asking, IsForAmounts) {
  for (const char* question : {"How many are there?", "How much is it?", "How long is it?",
                               "What is the price?", "Calculate the amount."})
    EXPECT_TRUE(asked(question).amount) << question;
  for (const char* question : {"How much of the cake is left?", "How full is it?", "What is it?"})
    EXPECT_FALSE(asked(question).amount) << question;
}

TEST(Asking, TellsMoneyFromMeasures) {
  EXPECT_TRUE(asked("How much more did she pay?").how_much);
  EXPECT_FALSE(asked("How much flour is there?").how_much);
  EXPECT_TRUE(asked("How much more time is left?").measured);
  EXPECT_FALSE(asked("How much change is left?").measured);
  EXPECT_TRUE(asked("How many bucks are left?").money);
  EXPECT_FALSE(asked("How many clips are left?").money);
  EXPECT_TRUE(asked("How far is it?").one_way);
}

TEST(Asking, SaysWhatIsMeasured) {
  for (const auto& [question, measure] :
       {std::pair("How much money is left?", Measured::kMoney),
        std::pair("How much more money does he need?", Measured::kMoney),
        std::pair("If she buys 5, how much did she spend?", Measured::kMoney),
        std::pair("How much does one pen cost?", Measured::kMoney),
        std::pair("How much more did she pay?", Measured::kMoney),
        std::pair("How much profit did he make?", Measured::kMoney),
        std::pair("How much is it worth behind its gain of weight?", Measured::kMoney),
        std::pair("How much does it weigh?", Measured::kWeight),
        std::pair("How much is left?", Measured::kOpen),
        std::pair("How heavy are 5?", Measured::kWeight),
        std::pair("How old is he?", Measured::kAge), std::pair("How far is it?", Measured::kLength),
        std::pair("How long is it?", Measured::kLengthOrTime),
        std::pair("What is the area?", Measured::kArea),
        std::pair("What was the total cost of it?", Measured::kMoney),
        std::pair("What is the weight of it?", Measured::kWeight)})
    EXPECT_EQ(asked(question).measure, measure) << question;
  for (const char* question :
       {"How much flour does a cake cost?", "How much did he run?", "How high was the fever?",
        "How many did she pay for?", "How much fruit did he pay for?",
        "How old is he and what is his height?", "How old is he? How much did he pay?",
        "An area is asked. Which one?"})
    EXPECT_EQ(asked(question).measure, Measured::kUnknown) << question;
}

TEST(Asking, HasClausesWithoutTheirConditions) {
  const auto clause = [](std::string_view question) {
    const auto pieces = pieces_of(question);
    const auto clauses = asked(question).clauses;
    EXPECT_EQ(clauses.size(), 1U) << question;
    std::string text;
    for (size_t at = clauses.front().begin; at < clauses.front().end; ++at)
      text += (text.empty() ? "" : " ") + std::string(pieces[at].text);
    return text;
  };
  EXPECT_EQ(clause("It is 5. In a day, how much is it?"), "In a day , how much is it");
  EXPECT_EQ(clause("If each has 5, how much is it?"), "how much is it");
  EXPECT_EQ(clause("How much is it if each has 5?"), "How much is it");
}

TEST(WordStems, AreTheSameForFormsOfAWord) {
  EXPECT_EQ(word_stem("Clips"), "clip");
  EXPECT_EQ(word_stem("pennies"), word_stem("penny"));
  EXPECT_EQ(word_stem("prices"), word_stem("price"));
  EXPECT_EQ(stems_of({"clips", "clip"}).size(), 1u);
}

}  // namespace
}  // namespace nelumbo
