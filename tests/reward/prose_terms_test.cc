// SPDX-License-Identifier: Apache-2.0
#include "reward/prose_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

const Prompt& any() {
  static const Prompt prompt = prompt_with({{"answer", "x"}});
  return prompt;
}

TEST(RegexTerm, MatchesAPartOrTheWhole) {
  EXPECT_EQ(value_of("{kind: regex, pattern: '[0-9]+'}", any(), "about 12"), 1);
  EXPECT_EQ(value_of("{kind: regex, pattern: '[0-9]+', whole: true}", any(), "about 12"), 0);
  EXPECT_EQ(value_of("{kind: regex, pattern: 'a|ab', whole: true}", any(), " ab "), 1);
}

TEST(RegexTerm, SaysWhatIsWrongWithAPattern) {
  EXPECT_EQ(value_of("{kind: regex, pattern: '('}", any(), "x"), -100);
  EXPECT_EQ(value_of("{kind: regex}", any(), "x"), -100);
}

TEST(RegexTerm, GivesUpOnWorkWithoutEnd) {
  const Verdict verdict = judged("{kind: regex, pattern: 'a.*a.*b[0-9]'}", any(),
                                 answer_candidate(any(), std::string(5000, 'a') + "b"));
  EXPECT_EQ(verdict.value, -200);  // an error, not a bad answer
}

TEST(RegexTerm, MayNotExplode) {
  EXPECT_EQ(value_of("{kind: regex, pattern: '(a+)+$'}", any(), "x"), -100);
}

TEST(LanguageTerm, WantsMostLettersInIt) {
  EXPECT_EQ(value_of("{kind: language}", any(), "The cell is white and round"), 1);
  EXPECT_EQ(value_of("{kind: language}", any(), "白细胞"), 0);
  EXPECT_EQ(judged("{kind: language, language: enn}", any(), Trajectory{}).value, -100);
}

TEST(RepetitionTerm, FallsBeyondWhatIsAllowed) {
  const std::string term = "{kind: repetition, n: 2, most: 0.5}";
  EXPECT_EQ(value_of(term, any(), "a b c a b d"), 1);
  // 7/8 repeated: (1 - 7/8) / (1 - 1/2).
  EXPECT_DOUBLE_EQ(value_of(term, any(), "x x x x x x x x"), 0.25);
}

TEST(ProseTerms, GiveNothingForAnEmptyAnswer) {
  for (const char* term : {"{kind: language}", "{kind: language, in: text}", "{kind: repetition}",
                           "{kind: length}", "{kind: absent, words: [blood]}"})
    for (const char* empty : {"", "  ", "\u200b\u200b"})
      EXPECT_EQ(value_of(term, any(), empty), 0) << term;
  EXPECT_EQ(value_of("{kind: language}", any(), "72"), 1) << "no letters, and something is said";
}

TEST(LengthTerm, HasTwoEnds) {
  EXPECT_EQ(value_of("{kind: length, max: 5}", any(), "white"), 1);
  EXPECT_EQ(value_of("{kind: length, max: 4}", any(), "white"), 0);
  EXPECT_EQ(value_of("{kind: length, min: 2, max: 3, unit: words}", any(), "one"), 0);
  EXPECT_EQ(value_of("{kind: length, max: 3, unit: words}", any(), "白细胞增多"), 0)
      << "no blanks part its words";
  EXPECT_EQ(value_of("{kind: length, max: 2, unit: characters}", any(), "白细"), 1);
  EXPECT_EQ(value_of("{kind: length, min: 9, max: 3}", any(), "one"), -100);
}

}  // namespace
}  // namespace nelumbo
