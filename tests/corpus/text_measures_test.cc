// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_measures.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TextMeasures of(const std::string& text) {
  return measure(normalised(text));
}

TEST(TextMeasures, CountWordsThatHaveALetter) {
  EXPECT_EQ(of("Dose: 10 mg, 3 x daily").words, 4);
  EXPECT_EQ(of("").words, 0);
}

TEST(TextMeasures, TakeSumsAndUnitsForProse) {
  EXPECT_EQ(of("Natalia sold 48/2 = <<48/2=24>>24 clips ($5 each).\n#### 72").symbols, 0);
  EXPECT_EQ(of("12.9 ± 2.9 °C, p ≤ 0.05; has_material_basis_in Xq28 [1]").symbols, 0);
}

TEST(TextMeasures, SeeSymbolsInWords) {
  EXPECT_DOUBLE_EQ(of("a$b ~").symbols, 0.5);
  EXPECT_GT(of("tr@at^ent").symbols, 0.2);
}

TEST(TextMeasures, ShareOutTheWords) {
  const TextMeasures english = of("the heart of a man is in the chest");
  EXPECT_NEAR(english.function_words, 6.0 / 9, 1e-12);
  EXPECT_EQ(english.foreign_words, 0);
  EXPECT_NEAR(of("Der Patient ist nicht krank").foreign_words, 3.0 / 5, 1e-12);
  EXPECT_LT(of("Пациент жалуется").latin, 0.1);
}

TEST(TextMeasures, SeeRepetition) {
  const std::string sentence = "one two three four five six seven eight nine ten";
  EXPECT_EQ(of(sentence).repeated, 0);
  EXPECT_DOUBLE_EQ(of(sentence + ". " + sentence).repeated, 0.5);
  EXPECT_EQ(of("no no no yes").longest_run, 3);
  EXPECT_EQ(of("2 * 2 * 2 * 2").longest_run, 1);
  EXPECT_DOUBLE_EQ(of("x\ny\nx\nz").repeated_lines, 0.25);
  EXPECT_EQ(of("x\nx\nx").repeated_lines, 0);
}

TEST(TextMeasures, SeeHowLongACopyIs) {
  const std::string first = "one two three four five six seven eight nine ten";
  EXPECT_EQ(of(first).longest_copy, 0);
  EXPECT_EQ(of(first + ". " + first).longest_copy, 10);
  EXPECT_EQ(of(first + " " + first + " " + first).longest_copy, 20);
  // Two halves of other sentences, side by side: each is a copy of its own.
  const std::string second = "a b c d e f g h i j";
  EXPECT_EQ(of(first + " x " + second + " y " + second + " " + first).longest_copy, 10);
}

TEST(TextMeasures, AreSurprisedByOtherSpellings) {
  LetterModel letters;
  letters.add("the heart pumps the blood through the body and the lung");
  EXPECT_EQ(surprise_of("the heart", letters), 0) << "too few letters to tell";
  EXPECT_LT(surprise_of("the blood pumps through the heart", letters),
            surprise_of("xqz vkw jjf qqp zzx wvk xjq", letters));
}

TEST(TextMeasures, SeeFurnitureAndMarkup) {
  EXPECT_EQ(of("Privacy policy. All rights reserved. PRIVACY policy.").furniture, 2);
  EXPECT_EQ(of("She ate cookies and read more of the book").furniture, 1);
  EXPECT_EQ(of("<div><p>one two</p></div>").structural, 2);
  EXPECT_EQ(of("<i>one</i> two").markup, 0);
  EXPECT_DOUBLE_EQ(of("[[one]] two").markup, 1);
}

TEST(TextMeasures, SeeWordsThatCannotBeSaid) {
  EXPECT_DOUBLE_EQ(of("asdfghjk is zzzz").odd_words, 2.0 / 3);
  EXPECT_EQ(of("rhythm of strengths and matchsticks").odd_words, 0);
}

}  // namespace
}  // namespace nelumbo
