// SPDX-License-Identifier: Apache-2.0
#include "rollout/answer_form.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string read(const char* form, const char* text) {
  return read_answer(answer_form(form), text).value_or("none");
}

TEST(AnswerForm, HasAWordForEach) {
  for (const std::string& word : answer_forms())
    EXPECT_EQ(answer_forms()[static_cast<size_t>(answer_form(word))], word);
}

TEST(AnswerForm, ReadsAllOfAText) {
  EXPECT_EQ(read("text", " Yes. \n"), "Yes.");
  EXPECT_EQ(read("text", " \n"), "none");
}

TEST(AnswerForm, ReadsTheLastNumber) {
  EXPECT_EQ(read("last_number", "48 + 24 = <<48+24=72>>72 clips.\n#### 72"), "72");
  EXPECT_EQ(read("last_number", "She has 3 x 400 = $1,200.50."), "1200.50");
  EXPECT_EQ(read("last_number", "It is 1,234,567 in all."), "1234567");
  EXPECT_EQ(read("last_number", "one of 1,2,3"), "3");
  EXPECT_EQ(read("last_number", "12,34"), "34");
  EXPECT_EQ(read("last_number", "It costs $.5 now"), "0.5");
  EXPECT_EQ(read("last_number", "-.5"), "-0.5");
  EXPECT_EQ(read("last_number", "version 1.2.3"), "2.3");
  EXPECT_EQ(read("last_number", "no number"), "none");
}

TEST(AnswerForm, KnowsAMinusFromASubtraction) {
  EXPECT_EQ(read("last_number", "the answer is -5"), "-5");
  EXPECT_EQ(read("last_number", "-5"), "-5");
  EXPECT_EQ(read("last_number", "x = -$5"), "-5");
  EXPECT_EQ(read("last_number", "10-5"), "5");
  EXPECT_EQ(read("last_number", "page A-5"), "5");
}

TEST(AnswerForm, ReadsBetweenTheLastTags) {
  EXPECT_EQ(read("tags", "<answer>1</answer> no, <answer> 2 </answer>"), "2");
  EXPECT_EQ(read("tags", "<answer>1"), "none");
  EXPECT_EQ(read("tags", "1</answer>"), "none");
}

TEST(AnswerForm, ReadsTheLastBox) {
  EXPECT_EQ(read("boxed", "\\boxed{1} then $\\boxed{\\frac{1}{2}}$"), "\\frac{1}{2}");
  EXPECT_EQ(read("boxed", "\\boxed{\\frac{1}{2}"), "none");
  EXPECT_EQ(read("boxed", "7"), "none");
}

}  // namespace
}  // namespace nelumbo
