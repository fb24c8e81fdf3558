// SPDX-License-Identifier: Apache-2.0
#include "reward/gold_path.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

const std::vector<std::string> kPath = {"a | gene | b", "b | band | c", "c | band of | d"};

/// The lines of kPath that a letter stands for: A, B, C; others are wrong lines.
std::string marks(const std::string& letters) {
  std::vector<std::string> lines;
  for (const char letter : letters)
    lines.push_back(letter <= 'C' ? kPath[static_cast<size_t>(letter - 'A')]
                                  : std::string("a | gene | ") + letter);
  std::string text;
  for (const bool good : on_path(lines, kPath))
    text += good ? '1' : '0';
  return text;
}

TEST(GoldPath, TakesThePathItself) {
  EXPECT_EQ(marks("ABC"), "111");
  EXPECT_EQ(marks("AB"), "11");
  EXPECT_EQ(marks(""), "");
}

TEST(GoldPath, LetsAWrongLineCondemnItselfAlone) {
  EXPECT_EQ(marks("XBC"), "011");
  EXPECT_EQ(marks("AXC"), "101");
  EXPECT_EQ(marks("AXBC"), "1011");
  EXPECT_EQ(marks("CAB"), "011");
}

TEST(GoldPath, CondemnsWhatStandsBehindItsPlace) {
  EXPECT_EQ(marks("ABCX"), "1110");
  EXPECT_EQ(marks("AABC"), "1011");
  EXPECT_EQ(marks("ABCABC"), "111000");
  EXPECT_EQ(marks("BA"), "10");
  EXPECT_EQ(marks("XYZ"), "000");
}

TEST(GoldPath, ComparesFactsWhateverTheirCaseAndBlanks) {
  EXPECT_EQ(on_path({"cngb3|BAND |  8q21"}, {"CNGB3 | band | 8q21"}), std::vector<bool>{true});
  EXPECT_EQ(on_path({"CNGB3 | band of | 8q21"}, {"CNGB3 | band | 8q21"}), std::vector<bool>{false});
  EXPECT_EQ(on_path({"In the  hall"}, {"in the hall"}), std::vector<bool>{true});
}

TEST(GoldPath, ReadsThePathOfThePrompt) {
  StepHeader header;
  const auto check = read_gold_path(node_of("{kind: gold_path, truth: way}"), header);
  EXPECT_EQ(header.factor, 0.5);
  EXPECT_EQ(check.value()->needs().front().name, "way");
  const Prompt prompt = prompt_with({{"way", kPath}});
  const Trajectory said = candidate(prompt, "<recall>a | gene | b\nb | band | x</recall>");
  const auto faults = check.value()->faults({prompt, said});
  ASSERT_EQ(faults.value().size(), 1u);
  EXPECT_EQ(faults.value()[0].reason, "'b | band | x' is not on the path");
  EXPECT_EQ(faults.value()[0].first_token, said.thoughts[1].first_token);
  EXPECT_EQ(check.value()->faults({prompt_with({}), said}).error().message,
            "truth has no field 'way'");
}

}  // namespace
}  // namespace nelumbo
