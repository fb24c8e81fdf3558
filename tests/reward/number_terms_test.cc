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

TEST(NumberTerm, TakesPercentEitherWayWhereAskedTo) {
  const Prompt half = prompt_with({{"answer", "50"}});
  EXPECT_EQ(value_of("{kind: number}", half, "50 %"), 0);
  EXPECT_EQ(value_of("{kind: number, percent: either}", half, "50 %"), 1);
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
