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
  const Trajectory said =
      candidate(prompt, "<recall>a | gene | b\nb | band | x\nc | band of | d</recall>");
  const auto faults = check.value()->faults({prompt, said});
  ASSERT_EQ(faults.value().size(), 1u);
  EXPECT_EQ(faults.value()[0].reason, "'b | band | x' is not on the path");
  EXPECT_EQ(faults.value()[0].first_token, said.thoughts[1].first_token);
  EXPECT_EQ(faults.value()[0].most, 1);
  EXPECT_EQ(check.value()->faults({prompt_with({}), said}).error().message,
            "truth has no field 'way'");
}

/// The layer's verdict of the lines that letters stand for, as marks() has them.
ProcessVerdict verdict_of(const std::string& form, const std::string& letters) {
  const auto layer =
      ProcessLayer::read(node_of("{form: " + form + ", checks: [{kind: gold_path, factor: 0.9}]}"));
  std::string text = "<recall>";
  for (const char letter : letters)
    text += (letter <= 'C' ? kPath[static_cast<size_t>(letter - 'A')]
                           : std::string("a | gene | ") + letter) +
            "\n";
  const Prompt prompt = prompt_with({{"path", kPath}});
  return layer.value().judge({prompt, candidate(prompt, text + "</recall>")}).value();
}

TEST(GoldPath, ALineThatIsLeftOutCostsItsShareAtLeast) {
  for (const char* form : {"multiplier", "sum", "min", "token"})
    for (const char* letters : {"AC", "BC", "AB"}) {
      const ProcessVerdict verdict = verdict_of(form, letters);
      EXPECT_LE(verdict.value, 2.0 / 3) << form << letters;
      EXPECT_GT(verdict.value, 0.6) << form << letters;
    }
  EXPECT_NEAR(verdict_of("multiplier", "A").value, 1.0 / 3, 1e-9);
  EXPECT_NEAR(verdict_of("multiplier", "CX").value, 2.0 / 3, 1e-9);
  EXPECT_EQ(verdict_of("multiplier", "ABC").value, 1);
  EXPECT_EQ(verdict_of("multiplier", "AXC").value, 0.9) << "a wrong line condemns itself alone";
  EXPECT_EQ(verdict_of("multiplier", "ABCX").value, 0.9);
}

TEST(GoldPath, WhatIsLeftOutIsAFaultOfTheLineBehindIt) {
  const auto faulty = [](const std::string& letters) {
    std::string reasons;
    for (const StepFactor& step : verdict_of("multiplier", letters).steps)
      reasons += step.reason + "\n";
    return reasons;
  };
  EXPECT_EQ(faulty("AC"), "gold_path: 2 of 3 lines: 'b | band | c' is left out\n");
  EXPECT_EQ(faulty("BC"), "gold_path: 2 of 3 lines: 'a | gene | b' is left out\n");
  EXPECT_EQ(faulty("AB"), "gold_path: 2 of 3 lines: 'c | band of | d' is left out\n");
  const auto steps = verdict_of("multiplier", "AC").steps;
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_GT(steps[0].first_token, verdict_of("multiplier", "BC").steps[0].first_token)
      << "of the second line, not of the first";
}

TEST(GoldPath, WithoutALineTheValueIsTheLeast) {
  EXPECT_EQ(verdict_of("multiplier", "").value, 0.01);
  EXPECT_TRUE(verdict_of("multiplier", "").steps.empty());
  EXPECT_EQ(verdict_of("multiplier", "").components[0].evidence,
            "0 of 3 lines: 'a | gene | b' is left out");
  EXPECT_EQ(verdict_of("sum", "").value, 0);
}

TEST(GoldPath, SaysWhyALineIsOffThePath) {
  EXPECT_EQ(verdict_of("multiplier", "AABC").components[0].evidence,
            "'a | gene | b' is said again");
  EXPECT_EQ(verdict_of("multiplier", "CAB").components[0].evidence,
            "'c | band of | d' is on the path, but not in its order");
  EXPECT_EQ(verdict_of("multiplier", "ABX").components[0].evidence,
            "'a | gene | X' is not on the path");
}

}  // namespace
}  // namespace nelumbo
