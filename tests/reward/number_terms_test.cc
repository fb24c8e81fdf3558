// SPDX-License-Identifier: Apache-2.0
#include "reward/number_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(NumberTerm, AllowsTheLargerTolerance) {
  const Prompt prompt = prompt_with({{"answer", 200}});
  EXPECT_EQ(value_of("{kind: number}", prompt, "200"), 1);
  EXPECT_EQ(value_of("{kind: number}", prompt, "200.1"), 0);
  EXPECT_EQ(value_of("{kind: number, tolerance: 2}", prompt, "202"), 1);
  EXPECT_EQ(value_of("{kind: number, tolerance: 2, relative: 0.05}", prompt, "190"), 1);
  EXPECT_EQ(value_of("{kind: number, tolerance: 2, relative: 0.05}", prompt, "189"), 0);
}

TEST(NumberTerm, ReadsTruthThatIsText) {
  EXPECT_EQ(value_of("{kind: number}", prompt_with({{"answer", "3/4"}}), "75%"), 1);
}

TEST(NumberTerm, ComparesUnitsThatItKnows) {
  const Prompt metres = prompt_with({{"answer", "1.5 m"}});
  const std::string term = "{kind: number, units: known}";
  EXPECT_EQ(value_of(term, metres, "150 cm"), 1);
  EXPECT_EQ(value_of(term, metres, "150 mm"), 0);
  EXPECT_EQ(value_of(term, metres, "1.5"), 1);
  EXPECT_EQ(value_of("{kind: number}", metres, "150 cm"), 0);
}

TEST(NumberTerm, TellsSmallTruthsFromNothing) {
  const Prompt tiny = prompt_with({{"answer", "0.0000000001"}});
  EXPECT_EQ(value_of("{kind: number}", tiny, "0.0000000001"), 1);
  for (const char* answer : {"0", "-0.0000000001", "0.0000000002"})
    EXPECT_EQ(value_of("{kind: number}", tiny, answer), 0) << answer;
}

TEST(NumberTerm, IsExactBeyondWhatDoublesTell) {
  const Prompt large = prompt_with({{"answer", 9007199254740993}});
  EXPECT_EQ(value_of("{kind: number}", large, "9,007,199,254,740,993"), 1);
  EXPECT_EQ(value_of("{kind: number}", large, "9007199254740992"), 0);
  EXPECT_EQ(value_of("{kind: number}", large, "9007199254740993.5"), 0);
  EXPECT_EQ(value_of("{kind: number, tolerance: 1}", large, "9007199254740992"), 1);
  const Prompt third = prompt_with({{"answer", "1/3"}});
  EXPECT_EQ(value_of("{kind: number}", third, "0.3333333333"), 1);
  EXPECT_EQ(value_of("{kind: number, tolerance: 0}", third, "0.3333333333"), 0);
  EXPECT_EQ(value_of("{kind: number}", large, std::string(45, '9')), 0);
}

TEST(NumberTerm, KnowsTemperaturesByBothScales) {
  const Prompt fever = prompt_with({{"answer", "38 °C"}});
  const std::string term = "{kind: number, units: known}";
  EXPECT_EQ(value_of(term, fever, "100.4 °F"), 1);
  EXPECT_EQ(value_of(term, fever, "38"), 1);
  EXPECT_EQ(value_of(term, fever, "38 °F"), 0);
  EXPECT_EQ(value_of(term, prompt_with({{"answer", "32 °F"}}), "0 °C"), 1);
  EXPECT_EQ(value_of("{kind: math_equal}", fever, "100.4 degrees Fahrenheit"), 1);
}

TEST(NumberTerm, SaysWhereUnitsDiffer) {
  const Prompt length = prompt_with({{"answer", "5 m"}});
  const auto evidence = [&](const std::string& answer) {
    return judged("{kind: number, units: known}", length, answer_candidate(length, answer))
        .evidence;
  };
  EXPECT_EQ(evidence("5 kg"), "5000 g for 5 m, in units that differ");
  EXPECT_EQ(evidence("50 cm"), "0.5 m for 5 m");
  EXPECT_EQ(evidence("5"), "5 for 5 m");
}

TEST(NumberTerm, TakesPercentEitherWayWhereAskedTo) {
  const Prompt half = prompt_with({{"answer", "50"}});
  EXPECT_EQ(value_of("{kind: number}", half, "50 %"), 0);
  EXPECT_EQ(value_of("{kind: number, percent: either}", half, "50 %"), 1);
  const Prompt share = prompt_with({{"answer", "0.5"}});
  EXPECT_EQ(value_of("{kind: number, percent: either}", share, "50 %"), 1);
  EXPECT_EQ(value_of("{kind: number, percent: either}", share, "0.5 %"), 0);
}

TEST(NumberTerm, GuessesNothing) {
  const Verdict verdict = judged("{kind: number}", prompt_with({{"answer", 2}}),
                                 answer_candidate(prompt_with({}), "about 2"));
  EXPECT_EQ(verdict.value, 0);
  EXPECT_EQ(verdict.evidence, "'about 2' is no number");
}

TEST(CountTerm, IsExactUpToTheCap) {
  const Prompt three = prompt_with({{"answer", "3"}});
  EXPECT_EQ(value_of("{kind: count}", three, "3"), 1);
  EXPECT_EQ(value_of("{kind: count}", three, "5"), 0);
  EXPECT_EQ(value_of("{kind: count, at_most: 3}", three, "5"), 1);
  EXPECT_EQ(value_of("{kind: count, at_most: 3}", three, "2"), 0);
}

TEST(CountTerm, RefusesWhatIsNoCount) {
  const Prompt one = prompt_with({{"answer", "1"}});
  EXPECT_EQ(value_of("{kind: count}", one, "1.0"), 1);
  EXPECT_EQ(value_of("{kind: count}", one, "1.5"), 0);
  EXPECT_EQ(value_of("{kind: count, partial: true}", one, "-1"), 0);
}

TEST(CountTerm, RewardsANearMissWhenAskedTo) {
  const Prompt four = prompt_with({{"answer", 4}});
  // 1 - |3 - 4| / 4
  EXPECT_DOUBLE_EQ(value_of("{kind: count, partial: true}", four, "3"), 0.75);
  EXPECT_DOUBLE_EQ(value_of("{kind: count, partial: true}", four, "9"), 0);
  EXPECT_DOUBLE_EQ(value_of("{kind: count, partial: true}", prompt_with({{"answer", 0}}), "1"), 0);
}

}  // namespace
}  // namespace nelumbo
