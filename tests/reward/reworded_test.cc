// SPDX-License-Identifier: Apache-2.0
#include "reward/reworded.h"

#include <gtest/gtest.h>

#include "reward/asked_number.h"

namespace nelumbo {
namespace {

constexpr const char* kClips =
    "Natalia sold clips to 48 of her friends. How many clips did Natalia sell?";

std::string fault(std::string_view answer, std::string_view question) {
  const AskedAnswer read = asked_answer(answer, question);
  return read.number ? read.fault : "no number";
}

std::string form(std::string_view text, std::string_view question) {
  return reworded(text, question).value_or("none");
}

TEST(RewordedAnswers, HaveTheirLabelBehind) {
  const char* kTrees = "Ann has 60 oaks and Tim 25 pines. How many trees does Ann have?";
  EXPECT_EQ(form("Total trees: 85", kTrees), "85 Total trees");
  EXPECT_EQ(form("Total number of trees = 85.", kTrees), "85 Total number of trees");
  EXPECT_EQ(form("Total trees: 60 + 25 = 85", kTrees), "60 + 25 = 85 Total trees");
  for (const char* text :
       {"Trees: 85 Pines: 25", "trees=85", "Trees = 85", ": 85", "Trees:", "Trees: many",
        "25 pines: 85", "Tim: 85", "Wrong trees: 85", "Trees: 85\nPines: 25", "a = b = 85", ""})
    EXPECT_EQ(form(text, kTrees), "none") << text;
}

TEST(RewordedAnswers, HaveNoAnnotation) {
  EXPECT_EQ(form("60+25=<<60+25=85>>85 trees", ""), "60+25=85 trees");
  EXPECT_EQ(form("60+25=$<<60+25=85>>85", ""), "60+25=$85");
  EXPECT_EQ(form("<<60+25=85>>85", ""), "85");
  for (const char* text : {"60+25=<<60+25=84>>85", "60+25=<<60+25=85>>84", "<<60+25=85>>855",
                           "60+25=<<85>>85", "60+25=<<60+25=85"})
    EXPECT_EQ(form(text, ""), "none") << text;
}

TEST(RewordedAnswers, LeaveOutWhatTheQuestionTells) {
  const char* kPay = "Tina works 10 hours a day for five days. How much money does she make?";
  EXPECT_EQ(form("Tina makes $990 in 5 days.", kPay), "Tina makes $990.");
  EXPECT_EQ(form("$990 for 5 days of work", kPay), "$990 of work");
  for (const char* text :
       {"Tina makes $990 in 6 days.", "Tina makes $990 in 5 hours.", "In 5 days she makes $990.",
        "$990 or 5 days", "$990 in 5", "$990 in 5 days, 2 hours", "$990 in $5 days"})
    EXPECT_EQ(form(text, kPay), "none") << text;
  EXPECT_EQ(form("2 pens in 5 days", "He has 2 pens for 5 days. How many days are left?"), "none");
  EXPECT_EQ(form("2 hours in 5 minutes", "It took 5 minutes. How many hours are it?"), "none");
  EXPECT_EQ(form("$9 for 5 days", "Of 5 days and 3 days: how much does she earn?"), "none");
  EXPECT_EQ(form("2 pens in 5 red pens", "He has 5 red pens. How many pens are it?"), "none");
  const char* kPages = "She has 5 days. How many pages does she read each day?";
  EXPECT_EQ(form("9 pages each day for 5 days", kPages), "9 pages each day");
  EXPECT_EQ(form("9 pages in 5 days", kPages), "none");
}

TEST(RewordedAnswers, AreReadAndHeldAgainstTheQuestion) {
  for (const char* text :
       {"Total clips: 72", "Number of clips = 72", "48 + 24 = **72**", "48+24=<<48+24=72>>72",
        "She sold 48+24=<<48+24=72>>72 clips.", "48 clips + 24 clips = 72 clips"})
    EXPECT_EQ(fault(text, kClips), "") << text;
  for (const char* text :
       {"Total clips: 72 or 71", "Clips: not 72", "48 + 25 = **72**", "48+24=<<48+24=73>>72",
        "48 clips + 24 pens = 72 clips", "72 hours?", "48 clips in April, 72 clips in May"})
    EXPECT_EQ(fault(text, kClips), "no number") << text;
  EXPECT_EQ(fault("Minutes: 72", kClips), "says 'Minutes', which the question does not ask for");
  const std::string roses = "There are 25 roses. What percentage of flowers are not roses?";
  EXPECT_EQ(fault("75% of the flowers are not roses.", roses), "");
  EXPECT_EQ(fault("75% of the flowers are not flowers.", roses), "no number");
  const std::string pay = "She works for 5 days at $9. How much money does she make?";
  EXPECT_EQ(fault("She makes $72 in 5 days.", pay), "");
  EXPECT_EQ(fault("She makes $72 in 6 days.", pay), "no number");
}

}  // namespace
}  // namespace nelumbo
