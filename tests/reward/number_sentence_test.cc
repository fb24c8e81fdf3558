// SPDX-License-Identifier: Apache-2.0
#include "reward/number_sentence.h"

#include <utility>

#include <gtest/gtest.h>

#include "reward/asked_number.h"

namespace nelumbo {
namespace {

TEST(NumberSentences, TellWhatTheQuestionNames) {
  const AskedQuestion asked("Ann bakes pies and plans to sell them. How many pies did she carry?");
  for (const char* text :
       {"Ann baked 12 pies", "She sold 12 pies", "She carried 12 pies", "Pies 12 pies",
        "She planned 12 pies", "So Ann has 12 pies", "In total, she is selling 12 pies"})
    EXPECT_EQ(number_in_sentence(text, asked), "12 pies") << text;
  EXPECT_EQ(number_in_sentence("She sold $12.", asked), "$12.");
}

TEST(NumberSentences, StayWhereTheySayMore) {
  const AskedQuestion asked("Ann bakes half a pie, or about two. How many pies did she not sell?");
  for (const char* text :
       {"She sold about 12 pies", "She sold half 12 pies", "She did not carry 12", "or 12 pies",
        "She ate 12 pies", "She said: 12 pies", "She sold. 12 pies", "Ann's 12 pies", "pies=12",
        "x12 pies", "She wants to sell 12", "pies", "", "She went to 12"})
    EXPECT_EQ(number_in_sentence(text, asked), text);
}

TEST(NumberSentences, StayWhereTheyAreOfSomebodyElse) {
  const AskedQuestion asked("Ann has 5 pens in April and Tim has 3 more. How many pens has Tim?");
  for (const char* text :
       {"Tim has 8 pens", "He has 8 pens", "In April Tim has 8 pens", "In April he has 8 pens"})
    EXPECT_EQ(number_in_sentence(text, asked), "8 pens") << text;
  EXPECT_EQ(number_in_sentence("Ann has 8 pens", asked), "Ann has 8 pens");
  for (const char* question : {"Ann has 8 pens. How many are there?",
                               "Ann is a friend of Tim. How many pens has Tim's friend?"})
    EXPECT_EQ(number_in_sentence("Ann has 8 pens", AskedQuestion(question)), "8 pens") << question;
}

TEST(NumberSentences, SayWhoseItIs) {
  const AskedQuestion asked("Jill and Kate teach. What is Jill's salary?");
  for (const char* text : {"Jill's salary is $12", "Jill’s salary is $12", "Her salary is $12"})
    EXPECT_EQ(number_in_sentence(text, asked), "$12") << text;
  for (const char* text : {"Kate's salary is $12", "Jill's not $12", "Her mother's salary is $12"})
    EXPECT_EQ(number_in_sentence(text, asked), text);
  const AskedQuestion needs("Her parents give Betty $5. How much does Betty need?");
  EXPECT_EQ(number_in_sentence("Betty needs $12", needs), "$12");
  for (const char* text : {"Her parents need $12", "Betty's parents need $12"})
    EXPECT_EQ(number_in_sentence(text, needs), text);
  const AskedQuestion bell("Mr. Bell sold pies. How many pies did he sell?");
  EXPECT_EQ(number_in_sentence("Mr. Bell sold 12 pies", bell), "12 pies");
}

TEST(NumberSentences, TellWhatShouldBe) {
  const AskedQuestion asked("How many pies should Ann sell to have money?");
  for (const char* text :
       {"Ann should sell 12 pies", "She must sell 12 pies", "She should have 12"})
    EXPECT_NE(number_in_sentence(text, asked), text);
  for (const char* text : {"Ann should have sold 12 pies", "Ann should not sell 12 pies",
                           "Should Ann sell 12 pies", "She must have sold 12 pies"})
    EXPECT_EQ(number_in_sentence(text, asked), text);
}

TEST(NumberSentences, DenyWhatTheQuestionDenies) {
  const AskedQuestion asked("Some are not red. How many flowers in May are not roses?");
  for (const char* text : {"The flowers that are not roses are 12", "In May, not roses are 12"})
    EXPECT_EQ(number_in_sentence(text, asked), "12") << text;
  for (const char* text : {"The flowers that are not red are 12", "They are not 12",
                           "Not flowers are 12", "May be 12 roses"})
    EXPECT_EQ(number_in_sentence(text, asked), text);
}

TEST(NumberSentences, MayJoinWhatTheyTell) {
  const AskedQuestion asked(
      "Ann and Tim bake twelve pies each day. How many pies are in each box?");
  for (const char* text : {"Ann and Tim have 12 pies", "Each box has 12 pies"})
    EXPECT_EQ(number_in_sentence(text, asked), "12 pies") << text;
  for (const char* text : {"Twelve and 12 pies", "Twelve pies and Tim has 12 pies", "Ann and 12"})
    EXPECT_EQ(number_in_sentence(text, asked), text);
  const AskedQuestion whole("There are pies in each box. How many pies are there?");
  EXPECT_EQ(number_in_sentence("Each box has 12 pies", whole), "Each box has 12 pies");
}

TEST(NumberSentences, ComeToAConclusion) {
  const auto conclusion = [](std::string_view text) {
    return conclusion_of(text, "She sold 48 clips and half as many. How many clips is that?");
  };
  for (const char* text : {"She sold 48 in April and 24 in May, so 72", "48 + 24 thus 72",
                           "She sold 48, therefore, 72", "She sold 48 and 24 for a total of 72",
                           "She didnt stop at 48, so 48 + 24, hence 72"})
    EXPECT_EQ(conclusion(text), "72") << text;
  for (const char* text :
       {"She sold 72", "so 72", "She did not sell 48, so 72", "She sold 48 or 24, so 72",
        "The answer is 71, so 72", "The answer is 71. So 72", "48? so 72", "She sold some, so 72",
        "If it was 48, so 72", "48 also", "She sold 48 so", "She didn't sell 48, so 72",
        "She sold 50, so 72", "50, so 72", "48, so 72", "5 + 5 = 11, so 72", "48 + 25 = 72, so 72"})
    EXPECT_FALSE(conclusion(text)) << text;
  EXPECT_EQ(conclusion("She sold 48, so 72 or 73"), "72 or 73");
  EXPECT_EQ(conclusion("It is 24 in May, so 48 + 24 = 72"), "48 + 24 = 72");
  EXPECT_EQ(conclusion("I count 72, so 72"), "72");
}

TEST(NumberSentences, HaveTheirOneNumberInDigits) {
  for (const auto& [text, digits] :
       {std::pair("Two clips", "2 clips"), std::pair("I see twelve.", "I see 12."),
        std::pair("No clips", "0 clips"), std::pair("zero", "0")})
    EXPECT_EQ(in_digits(text), digits);
  for (const char* text : {"two or three", "two 3", "No", "No, clips", "twenty-two", "some", "",
                           "two more clips", "no one"})
    EXPECT_EQ(in_digits(text), text);
}

TEST(NumberSentences, LeadToAnEquation) {
  const char* kMoney = "He pays $60 of $400 for 3 phones. How much money has he left?";
  const AskedQuestion asked(kMoney);
  for (const auto& [text, equation] :
       {std::pair("So he's left with $400 - $60 = $340.", "$400 - $60 = $340."),
        std::pair("After 3 phones he has 400-60=$340 left", "400-60=$340 left"),
        std::pair("He has $62 − $22 = $40 left", "$62 − $22 = $40 left"),
        std::pair("They are 4 x 3×2 = 24", "4 x 3×2 = 24")})
    EXPECT_EQ(equation_in_sentence(text, asked), equation) << text;
  for (const char* text : {"So he isn't left with $400 - $60 = $340", "Maybe 400 - 60 = 340",
                           "Or 400 - 60 = 340", "He asks: 400 - 60 = 340", "400 - 60 = 340",
                           "= 340", "The answer is 350 because 400-60=340", "Half of 400-60=340",
                           "It cannot be 400-60=340", "Per day 400-60=340", "Twice 400-60=340",
                           "He has 350 and 400-60=340", "After 3 hours 400-60=340"})
    EXPECT_EQ(equation_in_sentence(text, asked), std::nullopt) << text;
  EXPECT_EQ(equation_in_sentence("So Ann has 5+3=8", AskedQuestion("Ann has 5. What has Tim?")),
            std::nullopt);
  EXPECT_EQ(worded_quantity("So he's left with $400 - $60 = $340.", kMoney)->face, Rational(340));
  EXPECT_FALSE(worded_quantity("So he's left with $400 - $60 = $350.", kMoney));
}

}  // namespace
}  // namespace nelumbo
