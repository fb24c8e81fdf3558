// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_question.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

bool takes(std::string_view question, std::string_view unit) {
  const std::string answer = "5 " + std::string(unit);
  const auto pieces = pieces_of(answer);
  const auto phrases = unit_phrases(pieces);
  return phrases.size() == 1 && AskedQuestion(question).takes(phrases.front());
}

using Cases = std::initializer_list<std::pair<const char*, const char*>>;

TEST(AskedQuestions, TakeTheUnitThatTheyAskFor) {
  for (const auto& [question, unit] :
       Cases{{"What is the temperature in degrees Fahrenheit?", "°F"},
             {"What is the temperature in degrees Fahrenheit?", "degrees"},
             {"What is the temperature in °F?", "F"},
             {"It was 30 °C and rose by 8 degrees. How many degrees is it now?", "°C"},
             {"How long is the fence in meters?", "m"},
             {"How many square meters is the garden?", "m²"},
             {"How many square feet of carpet does she need?", "sq ft"},
             {"How many square inches is that?", "in²"},
             {"How many cubic centimeters are that?", "ml"},
             {"What is his speed in miles per hour?", "mph"},
             {"What is his speed in mph?", "miles per hour"},
             {"What is his speed in mph?", "miles/hour"},
             {"How many miles does he run each day?", "miles a day"},
             {"How many miles per day does he run?", "miles"},
             {"How many feet and inches tall is he?", "ft"},
             {"How many KG does he lift?", "kg"},
             {"Calculate the total number of hours that he worked.", "hours"},
             {"He has 5 kg of grapes and buys 3 more. How many grapes has he?", "kg"},
             {"What speed (in MPH) is that?", "mph"},
             {"She drinks 2 quarts a day. How many fluid ounces are that?", "ounces"},
             {"How many ounces of water did she drink?", "fl oz"},
             {"A quart has 2 pints. How many pints are left?", "pints"},
             {"What is the volume in cups? A quart has 4.", "cups"},
             {"How many gallons of milk does he sell each week?", "gal"},
             {"How many days the following week is it closed?", "days"},
             {"How many hours of the day does he sleep?", "hours"},
             {"How many of the miles did he run?", "miles"},
             {"How much time in hours does he spend at it a day?", "hours"},
             {"In 2 hours he ran 20 km. Find his speed in km per hour.", "km/h"}})
    EXPECT_TRUE(takes(question, unit)) << question << " " << unit;
}

TEST(AskedQuestions, TakeNoOtherUnitThanTheOneTheyAskFor) {
  for (const auto& [question, unit] :
       Cases{{"What is the temperature in degrees Fahrenheit?", "°C"},
             {"It was 30 °C. What is that in °F?", "°C"},
             {"How long is the fence in meters?", "m²"},
             {"How long is the fence in meters?", "m^2"},
             {"How long is the fence in meters?", "square meters"},
             {"How long is the fence in meters?", "cubic meters"},
             {"How many square meters is the garden?", "meters"},
             {"How many inches long is it?", "in²"},
             {"The panels are 5 meters long. How long is the fence?", "square meters"},
             {"What is his speed in miles per hour?", "hours"},
             {"How many miles per hour does he drive?", "hours"},
             {"How many pages per hour does she read?", "hours"},
             {"It takes 2 hours. How many minutes are that?", "hours"},
             {"She reads for 2 hours. How many pages does she read?", "hours"},
             {"How many miles does he run?", "miles per hour"},
             {"He drinks 5 gallons. How many quarts are that?", "gallons"},
             {"How many ounces of water fill 2 cups?", "cups"},
             {"A gallon of paint is 4 liters. How many liters are left?", "gallons"},
             {"Each bag holds 3 quarts of soup. How many bags does he need?", "quarts"},
             {"How many fluid ounces are that?", "pounds"},
             {"How many days the following week is it closed?", "weeks"},
             {"How many hours of the day does he sleep?", "days"},
             {"How many books this week did she read?", "weeks"},
             {"How much time in hours does he spend at it a day?", "days"},
             {"How many clips did she sell?", "µg"},
             {"How many clips did she sell?", "℃"}})
    EXPECT_FALSE(takes(question, unit)) << question << " " << unit;
}

TEST(AskedQuestions, TakeNoRateWhereATotalIsAskedFor) {
  for (const auto& [question, unit] :
       Cases{{"He drives at 60 mph for 3 hours. How far is that?", "mph"},
             {"He drives at 60 mph. How many miles is that in 3 hours?", "mph"},
             {"She earns $20 an hour. How much does she earn in 8 hours?", "$ an hour"},
             {"If she earns $20 per hour, how much is it?", "$ per hour"},
             {"Gas is $3 a gallon. How much do 5 gallons cost?", "dollars a gallon"}})
    EXPECT_FALSE(takes(question, unit)) << question << " " << unit;
  for (const auto& [question, unit] :
       Cases{{"He drives 76 miles in 2 hours. How fast is he?", "mph"},
             {"He drives 76 miles in 2 hours. What is his rate?", "miles per hour"},
             {"How much does she earn an hour?", "dollars per hour"},
             {"How many miles a gallon does it run?", "miles per gallon"},
             {"5 gallons cost $15. How much does each gallon cost?", "dollars a gallon"}})
    EXPECT_TRUE(takes(question, unit)) << question << " " << unit;
}

TEST(AskedQuestions, TakeAnyUnitThatTheyNameWhereTheySayNoMore) {
  for (const auto& [question, unit] :
       Cases{{"He drives 60 miles per hour. How long do 180 miles take?", "hours"},
             {"He drives 76 miles in 2 hours. What is his speed?", "mph"},
             {"He drives 60 miles per hour for 3 hours. How far does he get?", "miles"},
             {"The garden is 5 meters by 6 meters. What is its area?", "square meters"},
             {"The garden is 5 meters by 6 meters. What is its area?", "m²"},
             {"The square has an area of 100 m2. What is the length of a side?", "m"},
             {"The square has 100 square feet. How long is a side?", "feet"},
             {"If the number of hours doubles, how much does she earn at $5 per hour?", "dollars"},
             {"If she sells five a day, how many does she earn at $5?", "dollars"},
             {"How many hours did she work, and how much did she earn at $5?", "dollars"}})
    EXPECT_TRUE(takes(question, unit)) << question << " " << unit;
  EXPECT_FALSE(takes("He drives 76 miles in 2 hours. What is his speed?", "kg"));
}

TEST(AskedQuestions, TakeDollarsWhereTheyAreAboutMoney) {
  for (const char* question :
       {"How much was the tip?", "How much was the fine?", "How much did he win in the lottery?",
        "How much was the prize?", "How much is the fare?", "How much did they donate?",
        "How much does he make a week?", "How much more did Ann give?", "How much is left?",
        "A pen is 10 cents. How much are ten pens?", "How much money is that?", "What is the fee?",
        "How many bucks are that?", "How much take-home pay is left?",
        "How much more sales tax does he pay?"})
    EXPECT_TRUE(takes(question, "dollars")) << question;
  for (const char* question :
       {"How many birds are there?", "How much flour does he need?", "How much does the dog weigh?",
        "He ran 3 miles on Monday. How much did he run?", "How far is it?",
        "How many clips did she sell for the prize?", "It was 5 euros. How much was the tip?",
        "He pays $5. How long does it take?", "It costs $5. How much time is left?",
        "It costs $5. What percentage is the discount?",
        "He pays $5. How much fuel, in percent, is left?"})
    EXPECT_FALSE(takes(question, "dollars")) << question;
}

TEST(AskedQuestions, TakeCentsWhereDollarsAreNamedOnlyIfTheyAskForThem) {
  for (const char* question : {"It costs $1 and 50 cents. How many cents are that?",
                               "It costs $1. How much profit in cents did he make?",
                               "A pen is 10 cents. How much are ten pens?"})
    EXPECT_TRUE(takes(question, "cents")) << question;
  for (const char* question :
       {"A pen is 10 cents, a book $1. How much are both?", "It costs $1. How much do two cost?"})
    EXPECT_FALSE(takes(question, "cents")) << question;
}

TEST(AskedQuestions, TakePercentWhereNoAmountIsAskedFor) {
  for (const char* question :
       {"What percentage of the fruit is apples?", "It fell by 5%. What is it now?",
        "He has 20%. How much of the cake is left?", "By how many percent did it rise?",
        "How much soda is left, expressed as a percentage?",
        "How many more, in percent, are there?", "Of 60% half are gone. How full is it?",
        "How much did it rise in %?", "How much did he pay and what percentage did he save?"})
    EXPECT_TRUE(AskedQuestion(question).takes_percent()) << question;
  for (const char* question :
       {"There is a 20% discount. How much did she pay?", "How much is it with 5 percent more?",
        "It rose by 5%. What is the price now?", "Of 40% none came. How many are there?",
        "It is 20% longer. How long is it?", "How many clips did she sell?"})
    EXPECT_FALSE(AskedQuestion(question).takes_percent()) << question;
}

TEST(AskedQuestions, SayThatTheyAskForPercent) {
  for (const char* question : {"What percentage of the fruit is apples?",
                               "By how many percent did it rise?", "How much is it in %?"})
    EXPECT_TRUE(AskedQuestion(question).asks_for_percent()) << question;
  for (const char* question : {"It fell by 5%. What is it now?", "How many clips did she sell?",
                               "He has 20%. How much of the cake is left?"})
    EXPECT_FALSE(AskedQuestion(question).asks_for_percent()) << question;
}

TEST(AskedQuestions, SayWhatTheyAskFor) {
  EXPECT_EQ(AskedQuestion("How many square feet of carpet does it need?").wanted(), "square feet");
  EXPECT_EQ(AskedQuestion("How many clips did she sell?").wanted(), "");
  EXPECT_TRUE(AskedQuestion("How many dozen eggs are that?").counts_by("dozens"));
  EXPECT_FALSE(AskedQuestion("How many eggs are in a dozen?").counts_by("dozen"));
  EXPECT_TRUE(AskedQuestion("What are his debts, in millions of dollars?").counts_by("million"));
}

TEST(AskedQuestions, AreReadOnceForTheAnswersToThem) {
  const auto clips = asked_question("How many clips?"),
             truth = asked_question("How many clips?", "5 kg");
  EXPECT_EQ(asked_question("How many clips?"), clips);
  EXPECT_EQ(asked_question("How many clips?", "5 kg"), truth);
  EXPECT_TRUE(truth->names("kg"));
  EXPECT_FALSE(clips->names("kg"));
  EXPECT_FALSE(asked_question("How many pens?")->names("clips"));
  EXPECT_FALSE(asked_question("How many clips?", "5 g")->names("kg"));
}

TEST(AskedQuestions, NameFormsOfTheirWords) {
  const AskedQuestion clips("Which clips did Ann's pennies buy?");
  for (const char* word : {"clip", "Clips", "penny"})
    EXPECT_TRUE(clips.names(word)) << word;
  for (const char* word : {"hair", "s", ""})
    EXPECT_FALSE(clips.names(word)) << word;
}

TEST(AskedQuestions, AskOfEachAndSpeakOfMore) {
  EXPECT_TRUE(AskedQuestion("How many clips are in each box?").asks_of_each());
  EXPECT_FALSE(AskedQuestion("There are clips in each box. How many are there?").asks_of_each());
  for (const char* text : {"How many more?", "How many are left?", "How many does she need?"})
    EXPECT_TRUE(AskedQuestion(text).speaks_of_more()) << text;
  EXPECT_FALSE(AskedQuestion("She sold clips. How many did she sell?").speaks_of_more());
}

TEST(AskedQuestions, CountWhatTheySay) {
  const AskedQuestion asked("How many platelets are in this window?");
  EXPECT_TRUE(asked.counts_no("window"));
  EXPECT_FALSE(asked.counts_no("platelets"));
  EXPECT_FALSE(AskedQuestion("What is in this window?").counts_no("window"));
}

TEST(AskedQuestions, MayAskForNumbersOfThings) {
  const auto may = [](const char* question, const char* word) {
    return AskedQuestion(question).may_ask_for(word);
  };
  EXPECT_TRUE(may("How many hours is that?", "hours"));
  EXPECT_TRUE(may("How many hours is that?", "minutes"));
  EXPECT_TRUE(may("How many pens has he?", "pens"));
  EXPECT_TRUE(may("How long did it take?", "days"));
  EXPECT_TRUE(may("What is it?", "days"));
  EXPECT_FALSE(may("How many pens has he?", "days"));
  EXPECT_FALSE(may("How much money has he?", "days"));
  EXPECT_FALSE(may("How much money has he?", "pens"));
}

TEST(AskedQuestions, KnowTheWordsOfThePartThatAsks) {
  const AskedQuestion asked("Ann met Tim, not Robert. How many boys in May are not from Rome?");
  EXPECT_TRUE(asked.asks_with("boy") && asked.asks_of_names() && asked.asks_of_not("from"));
  EXPECT_TRUE(asked.has_name("may") && asked.has_name("ann"));
  EXPECT_FALSE(asked.asks_with("met") || asked.asks_of_not("robert") || asked.has_name("boys"));
}

}  // namespace
}  // namespace nelumbo
