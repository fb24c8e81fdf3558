// SPDX-License-Identifier: Apache-2.0
#include "corpus/letter_model.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(LetterModel, ScoresByTheFormula) {
  LetterModel model;
  model.add("ab ab");  // per word: a behind two gaps, b behind it, the end: three trigrams, twice
  EXPECT_EQ(model.size(), 6);
  // Each of the three was seen 2 times out of 2: P = 2.5 / (2 + 14).
  EXPECT_NEAR(model.surprise("AB"), -std::log2(2.5 / 16), 1e-12);
}

TEST(LetterModel, IsIndifferentBeforeItHasSeenAnything) {
  EXPECT_NEAR(LetterModel().surprise("xyz"), std::log2(28.0), 1e-12);
  EXPECT_EQ(LetterModel().surprise("12 + 3"), 0);
}

TEST(LetterModel, IsSurprisedByDisorder) {
  LetterModel model;
  for (int i = 0; i < 50; ++i)
    model.add("The patient was treated with oral antibiotics and the fever went away within days.");
  EXPECT_LT(model.surprise("The fever went away with antibiotics"), 2);
  EXPECT_GT(model.surprise("ehT vefre nwte yawa ihtw"), 4);
  EXPECT_GT(model.surprise("Пациент"), 3);
}

}  // namespace
}  // namespace nelumbo
