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
  EXPECT_EQ(list_items("a\uFF0Cb\uFF1Bc"), three) << "wide marks";
  EXPECT_EQ(list_items("a and b and c"), three);
  EXPECT_EQ(list_items("a, b & c"), three);
  EXPECT_EQ(list_items("(a, b, c)"), three);
  EXPECT_EQ(list_items("{a, b, c}"), three);
  EXPECT_EQ(list_items("['a', 'b', 'c']"), three);
  EXPECT_EQ(list_items("**a**, **b**, *c*"), three);
  EXPECT_EQ(list_items("The answer is a, b and c."), three);
  EXPECT_EQ(list_items("Answer: a; b; c"), three);
  EXPECT_EQ(list_items("a) a\nb) b\nc) c"), three);
  EXPECT_EQ(list_items("– a\n– b\n– c"), three);
  EXPECT_EQ(list_items("(1) a, (2) b, (3) c"), three);
  EXPECT_EQ(list_items("Step 1: a\nStep 2: b\nStep 3: c"), three);
  EXPECT_EQ(list_items("The correct order is: a, b, c."), three);
  EXPECT_EQ(list_items("The symptoms are a, b and c."), three);
  EXPECT_EQ(list_items("Symptoms: a, b, c"), three);
  EXPECT_EQ(list_items("the wrong symptoms are a, b, c")[0], "the wrong symptoms are a");
  EXPECT_EQ(list_items("e. coli, (+)-x"), (std::vector<std::string>{"e. coli", "(+)-x"}));
  EXPECT_EQ(list_items("A&B"), std::vector<std::string>{"a&b"});
}

TEST(ListItems, AreReadWhereTheyStandOnOneLine) {
  const std::vector<std::string> three = {"a1", "b2", "c3"};
  for (const char* text :
       {"a1 \u2192 b2 \u2192 c3", "a1\u2192b2\u2192c3", "a1 -> b2 -> c3", "a1 => b2 => c3",
        "a1 > b2 > c3", "first a1, then b2, then c3", "First a1, then b2, and finally c3.",
        "First, a1, then b2, then c3", "a1 then b2 then c3", "a1, followed by b2, followed by c3",
        "first a1 and then b2 and then c3", "1. a1 2. b2 3. c3", "1) a1 2) b2 3) c3",
        "The answer is a1 -> b2 -> c3."})
    EXPECT_EQ(list_items(text), three) << text;
  EXPECT_EQ(list_items("3 > 2 > 1"), (std::vector<std::string>{"3", "2", "1"}));
  for (const char* text : {"fever > 38", "c.35c>t", "a1 < b2", "first rib", "grade 2. a1"})
    EXPECT_EQ(list_items(text), std::vector<std::string>{text});
  EXPECT_EQ(list_items("1. a1 3. b2 2. c3"), std::vector<std::string>{"a1 3. b2 2. c3"});
  EXPECT_EQ(list_items("2. a1 1. b2"), std::vector<std::string>{"a1 1. b2"});
}

TEST(ListItems, KeepsMarksWithinWhatIsKnown) {
  const std::vector<std::string> known = {"a -> b", "first rib", "ph > x", "then"};
  EXPECT_EQ(list_items("a -> b", known), std::vector<std::string>{known[0]});
  EXPECT_EQ(list_items("ph > x", known), std::vector<std::string>{known[2]});
  EXPECT_EQ(list_items("first rib, then ph > x", known),
            (std::vector<std::string>{"first rib", "ph > x"}));
}

TEST(ListItems, KeepsAnAndWithinWhatIsKnown) {
  const std::vector<std::string> known = {"nausea and vomiting", "fever"};
  EXPECT_EQ(list_items("Nausea and vomiting", known), std::vector<std::string>{known[0]});
  EXPECT_EQ(list_items("fever and nausea and vomiting", known),
            (std::vector<std::string>{"fever", "nausea and vomiting"}));
  EXPECT_EQ(list_items("nausea and vomiting, and fever", known), known);
  EXPECT_EQ(list_items("nausea and vomiting and fever", known), known);
  EXPECT_EQ(list_items("fever and cough, rash", known),
            (std::vector<std::string>{"fever", "cough", "rash"}));
  EXPECT_EQ(list_items("rash and cough", known), (std::vector<std::string>{"rash", "cough"}));
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

TEST(SetF1, TakesNoDoubtForAMember) {
  // 3 shared of 4 and 4.
  for (const char* answer :
       {"fever?, cough, rash, fatigue", "fever (?), cough, rash, fatigue",
        "- cough\n- fever?\n- rash\n- fatigue", "[\"fever?\", \"cough\", \"rash\", \"fatigue\"]"})
    EXPECT_DOUBLE_EQ(value_of("{kind: set_f1}", findings(), answer), 0.75) << answer;
  EXPECT_EQ(value_of("{kind: set_f1}", findings(), "fever?"), 0);
  const Prompt questions = prompt_with({{"items", {"Why me?", "Why now?"}}});
  EXPECT_EQ(value_of("{kind: set_f1}", questions, "why now?, why me?"), 1) << "they ask themselves";
  EXPECT_EQ(value_of("{kind: set_f1}", questions, "Why me, why now"), 1);
}

std::string numbers_to(int64_t last) {
  std::string all;
  for (int64_t i = 1; i <= last; ++i)
    all += std::to_string(i) + ", ";
  return all;
}

TEST(SetF1, ReadsListsOfAnyLength) {
  const Prompt prompt = prompt_with({{"items", list_items(numbers_to(1500))}});
  EXPECT_EQ(value_of("{kind: set_f1}", prompt, numbers_to(1500)), 1);
  EXPECT_EQ(value_of("{kind: set_f1}", findings(), "r\u0430sh, cough, fever, fatigue"), 1)
      << "Cyrillic a";
}

TEST(ListOrder, SaysWhatIsTooLong) {
  TermHeader header;
  const auto term = read_rule_term(node_of("{kind: list_order}"), header);
  const Prompt prompt = prompt_with({{"items", list_items(numbers_to(1001))}});
  EXPECT_TRUE(term.value()->fits(findings()).ok());
  EXPECT_NE(term.value()->fits(prompt).error().message.find("'items' has 1001 items"),
            std::string::npos);
  const Verdict verdict =
      judged("{kind: list_order}", findings(), answer_candidate(findings(), numbers_to(1001)));
  EXPECT_EQ(verdict.value, 0);
  EXPECT_EQ(verdict.evidence, "1001 items, of which 1000 may be compared");
}

TEST(ListOrder, IsTheLongestCommonSubsequence) {
  const std::string term = "{kind: list_order}";
  EXPECT_EQ(value_of(term, findings(), "fever, cough, rash, fatigue"), 1);
  EXPECT_DOUBLE_EQ(value_of(term, findings(), "cough, fever, rash, fatigue"), 0.75);
  EXPECT_DOUBLE_EQ(value_of(term, findings(), "fever?, cough, rash, fatigue"), 0.75) << "a doubt";
  EXPECT_DOUBLE_EQ(value_of(term, findings(), "fever, cough, rash, fatigue, a, b, c, d"), 0.5);
  EXPECT_EQ(value_of("{kind: list_order, all: true}", findings(), "cough, fever, rash, fatigue"),
            0);
}

TEST(SetF1, TakesManyItemsThatAreJoined) {
  std::string answer = "fever";
  constexpr int64_t kItems = 100'000;
  for (int64_t i = 1; i < kItems; ++i)
    answer += " and x";
  EXPECT_DOUBLE_EQ(value_of("{kind: set_f1}", findings(), answer), 2.0 / (kItems + 4));
}

TEST(ListOrder, IsToldByArrowsAndInWords) {
  const std::string all = "{kind: list_order, all: true}";
  for (const char* answer :
       {"fever \u2192 cough \u2192 rash \u2192 fatigue", "fever > cough > rash > fatigue",
        "first fever, then cough, then rash, finally fatigue",
        "1. fever 2. cough 3. rash 4. fatigue"})
    EXPECT_EQ(value_of(all, findings(), answer), 1) << answer;
  for (const char* answer :
       {"fever < cough < rash < fatigue", "cough > fever > rash > fatigue",
        "then cough, first fever, then rash, finally fatigue",
        "4. fever 3. cough 2. rash 1. fatigue", "1. fever 3. cough 2. rash 4. fatigue"})
    EXPECT_LT(value_of("{kind: list_order}", findings(), answer), 1) << answer;
}

TEST(ListOrder, IsCountedFromOneUp) {
  const std::string all = "{kind: list_order, all: true}";
  for (const char* answer :
       {"1. fever\n2. cough\n3. rash\n4. fatigue", "1) fever, 2) cough, 3) rash, 4) fatigue",
        "1. fever, cough\n2. rash\n3. fatigue", "- fever\n- cough\n- rash\n- fatigue"})
    EXPECT_EQ(value_of(all, findings(), answer), 1) << answer;
  for (const char* answer :
       {"4. fever\n3. cough\n2. rash\n1. fatigue", "1. fever\n3. cough\n2. rash\n4. fatigue",
        "2. fever\n3. cough\n4. rash\n5. fatigue", "1. fever\n1. cough\n1. rash\n1. fatigue",
        "fever, 1. cough, 9. rash, fatigue", "99999999999999999999. fever, cough, rash, fatigue"}) {
    const Verdict verdict = judged(all, findings(), answer_candidate(findings(), answer));
    EXPECT_EQ(verdict.value, 0) << answer;
    EXPECT_EQ(verdict.evidence, "numbers stand before the items that do not count from 1 up");
  }
  for (const char* answer : {"The order is: 1. fever\n2. cough\n3. rash\n4. fatigue",
                             "The order is\n1. fever\n2. cough\n3. rash\n4. fatigue"})
    EXPECT_GE(value_of("{kind: list_order}", findings(), answer), 0.75) << answer;
  EXPECT_EQ(value_of("{kind: set_f1}", findings(), "4. fever\n3. cough\n2. rash\n1. fatigue"), 1);
}

}  // namespace
}  // namespace nelumbo
