// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_number.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr const char* kClips =
    "Natalia sold clips to 48 of her friends. How many clips did Natalia sell?";

double face(std::string_view answer) {
  const auto read = worded_quantity(answer);
  return read && read->face ? read->face->to_double() : -1;
}

/// What of an answer the question does not ask for, or name; empty: nothing.
std::string unasked_word(std::string_view answer, std::string_view question) {
  const AskedAnswer read = asked_answer(answer, question);
  if (!read.number)
    return "no number";
  const size_t begin = read.fault.find('\'') + 1;
  return read.fault.empty() ? "" : read.fault.substr(begin, read.fault.find('\'', begin) - begin);
}

TEST(AskedNumber, HasWordsBehindIt) {
  for (const char* text :
       {"72", "72 clips", "$72", "72 dollars", "72 clips in total.", "72.00", "72 red hair clips",
        "**72 clips**", "72 \\text{ clips}", "72 kg", "72 kg of flour"})
    EXPECT_EQ(face(text), 72) << text;
  EXPECT_EQ(face("2 1/2 hours of work"), 2.5);
}

TEST(AskedNumber, IsNoneWhereAWordChangesIt) {
  for (const char* text :
       {"72 or 71", "71, 72 clips", "72 thousand", "72 dozen clips", "72 to 80 clips", "not 72",
        "about 72 clips", "clips", "", "72 clips and 3", "8*9 clips", "72 a b c d e f",
        "72 clips or so", "72clips"})
    EXPECT_EQ(face(text), -1) << text;
}

TEST(AskedNumber, SaysWhatTheQuestionNames) {
  for (const char* text : {"72", "72 clips", "72 Clip", "72 clips in total", "72 friends"})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  EXPECT_EQ(unasked_word("7.2e1 clips", kClips), "");
  EXPECT_EQ(unasked_word("7.2 x 10^1 clips", kClips), "");
  EXPECT_EQ(unasked_word("72 kg", kClips), "kg");
  EXPECT_EQ(unasked_word("72kg", kClips), "kg");
  EXPECT_EQ(unasked_word("72 clips per hour", kClips), "per hour");
  EXPECT_EQ(unasked_word("5 °C", kClips), "°C");
  EXPECT_EQ(unasked_word("72 seconds", "What are Ann's clips?"), "seconds");
}

TEST(AskedNumber, CountsThingsByAnyName) {
  for (const char* text : {"72 guests", "72 people", "72 hair pins", "72 Customers", "72 women"})
    EXPECT_EQ(unasked_word(text, "How many clips in her hair?"), "") << text;
  for (const auto& [text, word] :
       {std::pair("72 times", "times"), std::pair("72 pairs", "pairs"),
        std::pair("72 hours", "hours"), std::pair("72 miles", "miles"),
        std::pair("72 dollars", "dollars"), std::pair("72 nickels", "nickels"),
        std::pair("72 decades", "decades"), std::pair("72 gallons", "gallons"),
        std::pair("72 percents", "percents"), std::pair("$72 guests", "$"),
        std::pair("72 guest", "guest"), std::pair("72 useful", "useful"),
        std::pair("72 less", "less"), std::pair("72 guests per hour", "per hour"),
        std::pair("72 degrees", "degrees"), std::pair("72 furlongs", "furlongs"),
        std::pair("72 boxes of clips", "boxes")})
    EXPECT_EQ(unasked_word(text, "How many clips?"), word) << text;
  for (const char* text :
       {"2 thirds", "7 tenths", "3 dozens", "72 lakhs", "72 crores of clips", "5 quadrillions",
        "3 gross", "72 millionths", "72 twelfths", "72 sixteenths", "72 negatives"})
    EXPECT_EQ(face(text), -1) << text;
  EXPECT_EQ(unasked_word("72 boxes", "How many boxes?"), "");
}

TEST(AskedNumber, CountsNoThingsThatAreSetApart) {
  const char* kBoys = "In a class are 15 boys and 12 girls. 3 boys leave. How many boys are left?";
  EXPECT_EQ(unasked_word("12 girls", kBoys), "girls");
  EXPECT_EQ(
      unasked_word("12 girls", "Of 18 pupils twice as many are girls as boys. How many boys?"),
      "girls");
  EXPECT_EQ(unasked_word("12 girls", "Of 20, 8 are girls. How many boys are there?"), "girls");
  EXPECT_EQ(unasked_word("12 girls", "How many of the 20 pupils are girls?"), "");
  EXPECT_EQ(unasked_word("12 hens", "She has 3 more hens than cows. How many cows has she?"),
            "hens");
  for (const char* text : {"12 boys", "12 pupils", "12 children", "12 boys in the class"})
    EXPECT_EQ(unasked_word(text, kBoys), "") << text;
  EXPECT_EQ(unasked_word("12 girls", "There are 15 boys and 12 girls. How many boys and girls?"),
            "");
  EXPECT_EQ(unasked_word("12 girls", "Of 15 girls 3 leave. How many pupils stay?"), "");
  EXPECT_EQ(unasked_word("12 pens", "He sells pens for 6 hours. How many hours does he work?"),
            "pens");
  EXPECT_EQ(unasked_word("12 shows", "How many minutes does he watch?"), "shows");
  EXPECT_EQ(unasked_word("12 hours", "He sells pens. How many hours does he work?"), "");
  EXPECT_EQ(unasked_word("12 hours of shows", "How many hours of shows does he watch?"), "");
  EXPECT_EQ(unasked_word("12 pens", "How many pens and how many hours?"), "");
}

TEST(AskedNumber, CountsOnlyThingsThatAreNamedWhereOthersAreNone) {
  const auto fault = [](std::string_view answer) {
    return asked_answer(answer, "How many platelets are in this window?", "", Things::kNamed).fault;
  };
  for (const char* text : {"2", "2 platelets", "2 Platelets in total", "There are 2 platelets"})
    EXPECT_EQ(fault(text), "") << text;
  EXPECT_EQ(fault("2 neutrophils"),
            "says 'neutrophils', which neither the question nor the truth names");
}

TEST(AskedNumber, CountsNoThingsWhereSomethingIsMeasured) {
  const std::string apples = "She sells 6 apples in 2 hours, each for $12, a pound for 20 rupees. ";
  for (const char* text :
       {"72", "$72", "72 dollars", "72 dollars in total", "72 rupees", "72 dollars for the apples"})
    EXPECT_EQ(unasked_word(text, apples + "How much money does she earn?"), "") << text;
  for (const auto& [text, word] :
       {std::pair("72 apples", "apples"), std::pair("72 pens", "pens"),
        std::pair("72 hours", "hours"), std::pair("72 pounds", "pounds")})
    for (const char* question : {"How much money does she earn?", "How much did the apples cost?"})
      EXPECT_EQ(unasked_word(text, apples + question), word) << question << text;
  EXPECT_EQ(unasked_word("72 pens", "He buys pens for $80. How much is left?"), "pens");
  EXPECT_EQ(unasked_word("72 liters", "He buys 80 liters for $80. How much is left?"), "");
  EXPECT_EQ(unasked_word("72 pens", "He buys 80 pens. How much is left?"), "");
  const std::string boxes = "A box of 3 kg is 5 feet high and 2 years old. ";
  EXPECT_EQ(unasked_word("9 kg", boxes + "How heavy are 3 boxes?"), "");
  EXPECT_EQ(unasked_word("9 feet", boxes + "How heavy are 3 boxes?"), "feet");
  EXPECT_EQ(unasked_word("9 pens", boxes + "How heavy are 3 boxes?"), "pens");
  EXPECT_EQ(unasked_word("9 feet", boxes + "How far is it over 3 boxes?"), "");
  EXPECT_EQ(unasked_word("9 boxes", boxes + "How far is it over 3 boxes?"), "boxes");
  EXPECT_EQ(unasked_word("9 blocks", "He walks 3 blocks and 6 blocks. How far is that?"), "");
  EXPECT_EQ(unasked_word("6 bags", "Ann buys 3 bags for $2. How much did she pay?"), "bags");
  EXPECT_EQ(unasked_word("9 kg", boxes + "How far is it over 3 boxes?"), "kg");
  EXPECT_EQ(unasked_word("9 years", boxes + "How long is it?"), "");
  EXPECT_EQ(unasked_word("9 years old", boxes + "How old is it?"), "");
  EXPECT_EQ(unasked_word("9 feet", boxes + "How old is it?"), "feet");
  EXPECT_EQ(unasked_word("9 feet", "A side is 3 feet. What is the area of the square?"), "feet");
  EXPECT_EQ(unasked_word("9 square feet", "A side is 3 feet. What is the area of the square?"), "");
}

TEST(AskedNumber, IsUnderNoOtherTimeThanTheOneAskedFor) {
  const std::string gym = "A gym costs $50 a month and $600 a year. ";
  EXPECT_EQ(unasked_word("$600 per month", gym + "How much does she pay in a year?"), "per month");
  EXPECT_EQ(unasked_word("$600 per month", gym + "How much does she pay annually?"), "per month");
  EXPECT_EQ(unasked_word("$600 per year", gym + "How much does she pay in a year?"), "");
  EXPECT_EQ(unasked_word("$600 per year", gym + "How much does she pay annually?"), "");
  EXPECT_EQ(unasked_word("$600 a month", gym + "How much does she pay?"), "a month");
  const std::string clips = "She sells 50 clips a month. How many clips does she sell in a year?";
  EXPECT_EQ(unasked_word("600 clips per month", clips), "per month");
  EXPECT_EQ(unasked_word("600 clips a year", clips), "");
  EXPECT_EQ(unasked_word("$600 a month", gym + "What is the price of a card?"), "");
}

TEST(AskedNumber, IsNoTimeWhereASpeedIsAskedFor) {
  const std::string drive = "He drives 120 miles in 2 hours. ";
  for (const char* question : {"How fast does he drive?", "What is his average speed?"}) {
    EXPECT_EQ(unasked_word("60 hours", drive + question), "hours") << question;
    EXPECT_EQ(unasked_word("60 mph", drive + question), "") << question;
    EXPECT_EQ(unasked_word("60 miles per hour", drive + question), "") << question;
  }
  EXPECT_EQ(unasked_word("2 minutes", "It took 5 minutes. How fast must he get dressed?"), "");
  EXPECT_EQ(unasked_word("2 hours", drive + "How long does he drive at the same speed?"), "");
}

TEST(AskedNumber, StandsInASentenceThatTells) {
  for (const char* text : {"She sold 72 clips.", "Natalia sold 72 clips in total", "She sells 72",
                           "In total, Natalia sold 72 clips.", "They have 72 clips"})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  for (const char* text :
       {"She sold almost 72 clips", "She did not sell 72 clips", "She didn't sell 72 clips",
        "She sold 71 or 72 clips", "She sold 48 clips, then 72", "She might sell 72 clips",
        "She sold at least 72 clips", "She sold none of 72 clips", "No 72 clips",
        "She burned 72 clips", "Hardly 72 clips", "She sold 72 clips, not 71", "clips = 72"})
    EXPECT_EQ(unasked_word(text, kClips), "no number") << text;
  EXPECT_EQ(unasked_word("She sold 72 kg", kClips), "kg");
  EXPECT_EQ(asked_answer("Natalia sold $72", "How much was it?").number.has_value(), false);
}

TEST(AskedNumber, ComparesOnlyWhereItIsAskedHowMuchMoreOrLess) {
  const std::string less = "Ann has 5 less or fewer clips, or more. ";
  for (const auto& [text, word] :
       {std::pair("85 less", "less"), std::pair("85 more", "more"), std::pair("85 fewer", "fewer"),
        std::pair("85 clips less", "less"), std::pair("85 fewer clips", "fewer"),
        std::pair("85 less clips", "less"), std::pair("85 more.", "more")})
    for (const char* question :
         {"How many clips has she?", "How much are the clips?", "What is the number of clips?"})
      EXPECT_EQ(unasked_word(text, less + question), word) << text << question;
  EXPECT_EQ(unasked_word("85 more", less + "How many clips less has she?"), "more");
  EXPECT_EQ(unasked_word("85 less", less + "How much more is it?"), "less");
  EXPECT_EQ(unasked_word("85 more", less + "How many more clips has she?"), "");
  EXPECT_EQ(unasked_word("85 fewer", less + "How many fewer clips has she?"), "");
  EXPECT_EQ(unasked_word("85 less", less + "How much less is it?"), "");
  EXPECT_EQ(unasked_word("5 more hours", "How many hours does he need?"), "");
}

TEST(AskedNumber, IsOfTimesWhereThoseAreCounted) {
  const std::string thrice = "He has 3 times as many as she. ";
  EXPECT_EQ(unasked_word("72 times", thrice + "How much did he pay?"), "times");
  EXPECT_EQ(unasked_word("72 times", thrice + "How many clips does he have?"), "times");
  EXPECT_EQ(unasked_word("72 times", thrice + "How many times did he call?"), "");
  EXPECT_EQ(unasked_word("3 times", thrice + "How often did he call?"), "");
  EXPECT_EQ(asked_answer("72 times", thrice + "How much did he pay?").fault,
            "says 'times', which the question does not ask for");
}

TEST(AskedNumber, KnowsFormsOfAUnit) {
  EXPECT_EQ(unasked_word("5 kg", "How many kilograms?"), "");
  EXPECT_EQ(unasked_word("5 g", "How many kilograms?"), "g");
  EXPECT_EQ(unasked_word("5 hrs", "How many hours?"), "");
  EXPECT_EQ(unasked_word("5 mph", "How many miles did it run each hour?"), "");
  EXPECT_EQ(unasked_word("5 years", "How old is she?"), "");
  EXPECT_EQ(unasked_word("30 m2", "How many square meters is it?"), "");
  EXPECT_EQ(unasked_word("30 m2", "How many meters is it?"), "m2");
}

TEST(AskedNumber, TakesInForNoInch) {
  EXPECT_EQ(unasked_word("72 inches", "How many clips did she sell in May?"), "inches");
  EXPECT_EQ(unasked_word("72 inches", "How many clips? In May, that is."), "inches");
  EXPECT_EQ(unasked_word("72 in", "How many inches?"), "");
}

TEST(AskedNumber, KnowsMoneyByAPrice) {
  EXPECT_EQ(unasked_word("$72", "What do they cost?"), "");
  EXPECT_EQ(unasked_word("72 dollars", "It was $5. What is left?"), "");
  EXPECT_EQ(unasked_word("$72", kClips), "$") << "she sells, but clips are asked for";
  EXPECT_EQ(unasked_word("$72", "How many birds are there?"), "$");
}

TEST(AskedNumber, TakesNoOtherCurrencyAndNoOtherPartOfAYear) {
  EXPECT_EQ(unasked_word("72 cents", "How many dollars did she pay?"), "cents");
  EXPECT_EQ(unasked_word("72 euros", "It costs $5. What did she pay?"), "euros");
  EXPECT_EQ(unasked_word("72 cents", "What did she pay?"), "cents");
  EXPECT_EQ(unasked_word("72 cents", "How many cents did she pay?"), "");
  EXPECT_EQ(unasked_word("5 months", "How old is she?"), "months");
}

TEST(AskedNumber, SaysWhatIsAskedForInstead) {
  const std::string speed = "What is his speed in miles per hour?";
  EXPECT_EQ(asked_answer("38 hours", speed).fault,
            "says 'hours' where 'miles per hour' is asked for");
  EXPECT_EQ(asked_answer("72 kg", kClips).fault, "says 'kg', which the question does not ask for");
  EXPECT_EQ(asked_answer("72 useful", kClips).fault,
            "says 'useful', which neither the question nor the truth names");
  EXPECT_EQ(asked_answer("38 °C", "What is it in °F?").fault, "says '°C' where '°F' is asked for");
}

TEST(AskedNumber, MayHaveTheUnitOfTheTruth) {
  EXPECT_EQ(asked_answer("38 kg", "How heavy is it?", "38 kilograms").fault, "");
  EXPECT_NE(asked_answer("38 kg", "How heavy is it?", "38").fault, "");
}

TEST(AskedNumber, MayTellOfATime) {
  const std::string week = "She wrote for 3 weeks. How many pages did she write this week?";
  EXPECT_EQ(unasked_word("250 this week", week), "");
  EXPECT_EQ(unasked_word("250 pages a week", week), "");
  EXPECT_EQ(unasked_word("250 weeks", week), "weeks");
  EXPECT_EQ(unasked_word("250 total weeks", week), "weeks");
  EXPECT_EQ(unasked_word("250 this month", week), "month");
}

TEST(AskedNumber, IsCountedInGroupsWhereTheQuestionDoesSo) {
  const auto dozens = [](const char* question) {
    return worded_quantity("3 dozen", question).has_value();
  };
  EXPECT_TRUE(dozens("How many dozens of eggs did he buy?"));
  EXPECT_TRUE(dozens("How many dozen eggs did he buy?"));
  EXPECT_FALSE(dozens("How many eggs did he buy?"));
  EXPECT_FALSE(dozens("How many eggs are in 3 dozens?"));
  EXPECT_FALSE(dozens("How many more eggs than a dozen?"));
  EXPECT_EQ(unasked_word("3 dozen eggs", "How many dozens of eggs did he buy?"), "");
  EXPECT_EQ(unasked_word("5 thousand", "How many thousands of people came?"), "");
}

TEST(AskedNumber, StandsInEmphasisAndBesideBrackets) {
  for (const char* text : {"72 (clips)", "\\boxed{72\\text{ clips}}", "**72**.", "**72 clips**.",
                           "*72*", "$\\boxed{72}$", "$72$ clips", "72 (in total)."})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  EXPECT_EQ(unasked_word("72 (kg)", kClips), "kg");
  EXPECT_EQ(unasked_word("\\boxed{72\\text{ kg}}", kClips), "kg");
  for (const char* text :
       {"72 (or 73)", "72 (dozen)", "72 (73)", "**72** or **73**", "(72) (clips)"})
    EXPECT_EQ(unasked_word(text, kClips), "no number") << text;
}

TEST(AskedNumber, StandsBesideTheBlanksOfLatex) {
  for (const char* text : {"72~clips", "72\\ \\text{clips}", "$72\\,\\text{clips}$", "72\\;clips"})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  EXPECT_EQ(unasked_word("72~kg", kClips), "kg");
  EXPECT_EQ(unasked_word("~72 clips", kClips), "no number") << "about 72";
}

TEST(AskedNumber, NeedsNoNameForWordsThatAddNothing) {
  for (const char* text : {"72 only", "72 of them", "72 clips are left", "72 of the clips"})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  EXPECT_EQ(unasked_word("72 are not clips", kClips), "no number");
  EXPECT_EQ(unasked_word("72 are kg", kClips), "kg");
}

TEST(AskedNumber, SaysWhichWordChangesIt) {
  EXPECT_EQ(changing_word("72 dozen clips"), "dozen");
  EXPECT_EQ(changing_word("72 or 71"), "or");
  EXPECT_EQ(changing_word("72 clips"), "");
}

TEST(AskedNumber, IsInPercentByAnyNameOfIt) {
  for (const char* text : {"60 %", "60 percent", "60 per cent", "60pct", "60 pct of it"}) {
    const AskedAnswer read = asked_answer(text, "What percentage of it is that?");
    EXPECT_TRUE(read.number && read.number->percent && read.fault.empty()) << text;
  }
  EXPECT_FALSE(worded_quantity("5 candies per cent")->percent);
}

TEST(AskedNumber, MayBePercentWhereNothingElseIsCounted) {
  const auto percent = [](const char* question) {
    return asked_answer("60%", question).may_be_percent;
  };
  EXPECT_TRUE(percent("What percentage is it?"));
  EXPECT_TRUE(percent("It fell by 5%. What is it now?"));
  EXPECT_TRUE(percent("By how many percent did it fall?"));
  EXPECT_TRUE(percent("How many more clips, in percent, did she sell?"));
  EXPECT_FALSE(percent("She sold 20% more in May. How many clips did she sell?"));
  EXPECT_FALSE(percent(kClips));
}

TEST(AskedNumber, MayBeFollowedByWhatTheQuestionJoins) {
  const std::string april = "She sold clips in April and in May. How many clips did she sell?";
  for (const char* text : {"She sold 72 clips in April and May.", "72 clips in April and in May",
                           "72 clips were sold in April and May", "72 in May and April"})
    EXPECT_EQ(unasked_word(text, april), "") << text;
  for (const char* text : {"72 and 24 clips", "72 clips and", "72 clips and some in May",
                           "72 clips and seven in May", "72 and a half in May"})
    EXPECT_EQ(unasked_word(text, april), "no number") << text;
  EXPECT_EQ(unasked_word("72 clips and pens", april), "");
  EXPECT_EQ(unasked_word("72 clips and happy", april), "happy");
  const std::string paint = "He paints 3 walls. How many hours does it take to paint?";
  EXPECT_EQ(unasked_word("It takes 5 hours to paint.", paint), "");
  EXPECT_EQ(unasked_word("5 hours to", paint), "no number");
  EXPECT_EQ(unasked_word("5 to ten hours", paint), "no number");
  EXPECT_EQ(unasked_word("5 hours to sleep", paint), "sleep");
  const std::string left = "Tom has $80 and spends $30. How much does he have left?";
  for (const char* text : {"He has $50 left over.", "$50 left over", "50 dollars left over"})
    EXPECT_EQ(unasked_word(text, left), "") << text;
  for (const char* text : {"$50 over", "$50 over 2", "over $50", "He has over $50 left."})
    EXPECT_EQ(unasked_word(text, left), "no number") << text;
}

TEST(AskedNumber, SetsApartWhatIsJoined) {
  const std::string room = "In a room are 72 boys and 12 girls. ";
  EXPECT_EQ(unasked_word("84 boys and girls", room + "How many boys and girls are there?"), "");
  EXPECT_EQ(unasked_word("72 boys and girls", room + "How many boys are there?"), "girls");
}

TEST(AskedNumber, IsWhatASentenceComesTo) {
  for (const char* text : {"She sold 48 in April and 24 in May, so 72.",
                           "She sold 48 clips and then 24 clips, so she sold 72 clips.",
                           "48 in April and 24 in May, so the answer is 72 clips",
                           "She sold 48, so 72 clips", "48 + 24 = 72", "48 + 24 = 72 clips",
                           "She sold 48 + 24 = 72 clips.", "48 / 2 is 24, so 48 + 24 = 72"})
    EXPECT_EQ(unasked_word(text, kClips), "") << text;
  EXPECT_EQ(unasked_word("48 in April and 24 in May, so 72 kg", kClips), "kg");
  for (const char* text :
       {"48 in April and 24 in May, so 72 or 73", "48 or 24, so 72", "48 and 24, so not 72",
        "48 in April, then 72", "50, so 72", "50 clips, so 72", "She sold 50, so 72",
        "5 + 5 = 11, so 72", "48 + 25 = 72", "72 = 72", "48 + 24 = 72 or 73", "48 + 24"})
    EXPECT_EQ(unasked_word(text, kClips), "no number") << text;
}

TEST(AskedNumber, IsOfEachOrMoreOnlyWhereTheQuestionSpeaksSo) {
  EXPECT_EQ(unasked_word("72 clips each", kClips), "each");
  EXPECT_EQ(unasked_word("72 more clips", kClips), "more");
  EXPECT_EQ(unasked_word("72 clips each", "How many clips are in each box?"), "");
  EXPECT_EQ(unasked_word("72 clips each", "They share the clips evenly. How many do they get?"),
            "");
  EXPECT_EQ(unasked_word("72 clips each", "She sells 5 a day. How many clips is that?"), "each");
  const std::string bags = "Each bag of 6 pounds costs $2 an hour. How many pounds ";
  for (const char* text : {"18 pounds each", "18 pounds per bag", "18 pounds a bag"}) {
    EXPECT_NE(unasked_word(text, bags + "do 3 bags weigh?"), "") << text;
    EXPECT_EQ(unasked_word(text, bags + "does each bag weigh?"), "") << text;
  }
  EXPECT_EQ(unasked_word("72 more clips", "How many clips does she need?"), "");
  EXPECT_EQ(unasked_word("72 more clips", "How many clips are left?"), "");
  const std::string than = "Tim has 30 more clips than Ann. ";
  for (const char* text : {"72 more clips than Ann", "Tim has 72 more than Ann"})
    EXPECT_EQ(unasked_word(text, than + "How many more clips has he?"), "") << text;
  EXPECT_EQ(unasked_word("72 more than Ann", than + "How many clips has he?"), "more");
  EXPECT_EQ(unasked_word("72 more than", than + "How many more clips has he?"), "no number");
}

TEST(AskedNumber, CountsNothingElseThatIsNamed) {
  const auto fault = [](std::string_view answer) {
    return asked_answer(answer, "How many platelets are in this window?", "", Things::kNamed).fault;
  };
  for (const char* text : {"2 platelets in this window", "2 in this window",
                           "There are 2 platelets in the window.", "2 total platelets"})
    EXPECT_EQ(fault(text), "") << text;
  EXPECT_EQ(fault("2 windows"), "says 'windows', which the question does not ask for");
  EXPECT_EQ(fault("2 window"), "says 'window', which the question does not ask for");
}

}  // namespace
}  // namespace nelumbo
