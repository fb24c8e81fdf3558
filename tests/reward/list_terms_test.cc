// SPDX-License-Identifier: Apache-2.0
#include "reward/list_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

const Prompt& findings() {
  static const Prompt prompt = prompt_with({{"items", {"Fever", "cough", "rash", "fatigue"}}});
  return prompt;
}

TEST(ListItems, AreReadInTheFormsOfLists) {
  const std::vector<std::string> three = {"a", "b", "c"};
  EXPECT_EQ(list_items("a, b, c"), three);
  EXPECT_EQ(list_items("A, b and c."), three);
  EXPECT_EQ(list_items("- a\n- b\n- c"), three);
  EXPECT_EQ(list_items("1. a\n2) b\n3. c"), three);
  EXPECT_EQ(list_items("[\"a\", \"b\", \"c\"]"), three);
  EXPECT_TRUE(list_items(" ,; ").empty());
}

TEST(SetF1, IsTheShareOfBothSides) {
  // 2 shared of 3 and 4: 4/7.
  EXPECT_DOUBLE_EQ(value_of("{kind: set_f1}", findings(), "cough, fever, nausea"), 4.0 / 7);
  EXPECT_EQ(value_of("{kind: set_f1}", findings(), "rash; fatigue; cough; FEVER"), 1);
  EXPECT_EQ(value_of("{kind: set_f1}", findings(), ""), 0);
}

TEST(SetF1, DoesNotPayForRepeatingOrSpraying) {
  // 1 shared of 4 and 4.
  EXPECT_DOUBLE_EQ(value_of("{kind: set_f1}", findings(), "rash, rash, rash, rash"), 0.25);
}

TEST(ListOrder, IsTheLongestCommonSubsequence) {
  const std::string term = "{kind: list_order}";
  EXPECT_EQ(value_of(term, findings(), "fever, cough, rash, fatigue"), 1);
  EXPECT_DOUBLE_EQ(value_of(term, findings(), "cough, fever, rash, fatigue"), 0.75);
  EXPECT_DOUBLE_EQ(value_of(term, findings(), "fever, cough, rash, fatigue, a, b, c, d"), 0.5);
  EXPECT_EQ(value_of("{kind: list_order, all: true}", findings(), "cough, fever, rash, fatigue"),
            0);
}

}  // namespace
}  // namespace nelumbo
