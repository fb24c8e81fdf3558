// SPDX-License-Identifier: Apache-2.0
#include "corpus/unicode.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Unicode, TellsKindsApart) {
  EXPECT_EQ(kind_of(U'é'), CharacterKind::kLetter);
  EXPECT_EQ(kind_of(0x301), CharacterKind::kLetter);
  EXPECT_EQ(kind_of(U'7'), CharacterKind::kDigit);
  EXPECT_EQ(kind_of(0xA0), CharacterKind::kSpace);
  EXPECT_EQ(kind_of('\n'), CharacterKind::kSpace);
  EXPECT_EQ(kind_of(1), CharacterKind::kControl);
  EXPECT_EQ(kind_of(0xE000), CharacterKind::kControl);
  EXPECT_EQ(kind_of(0x200B), CharacterKind::kInvisible);
  EXPECT_EQ(kind_of(U'±'), CharacterKind::kSymbol);
  EXPECT_EQ(kind_of(U'—'), CharacterKind::kPunctuation);
}

TEST(Unicode, KnowsLatinLetters) {
  for (const char32_t letter : std::u32string(U"azAZéőŞ"))
    EXPECT_TRUE(is_latin(letter)) << static_cast<uint32_t>(letter);
  for (const char32_t other : std::u32string(U"жβ中7×÷ "))
    EXPECT_FALSE(is_latin(other)) << static_cast<uint32_t>(other);
}

TEST(Unicode, RoundTripsThroughCharacters) {
  const std::string text = "a\u00e9\u4e2d\U0001F600";
  EXPECT_EQ(characters_of(text).size(), 4U);
  EXPECT_EQ(utf8_of(characters_of(text)), text);
}

TEST(Unicode, CountsAnIllFormedPartAsReplacement) {
  EXPECT_EQ(characters_of("a\xC3"), (std::vector<char32_t>{'a', 0xFFFD}));
}

TEST(Unicode, ComposesLettersAndMarks) {
  EXPECT_EQ(nfc("Sjo\u0308gren, A\u030angstro\u0308m"), "Sj\u00f6gren, \u00c5ngstr\u00f6m");
  EXPECT_EQ(nfc("\u212b"), "\u00c5");  // the sign is a letter in form C
  EXPECT_EQ(nfc("\ufb01"), "\ufb01");  // a ligature stays one
  EXPECT_EQ(nfc(""), "");
}

TEST(Unicode, FindsWordsInLowerCase) {
  EXPECT_EQ(words_of("IL-2 (n=4), Sjögren_Ärzte"),
            (std::vector<std::string>{"il", "2", "n", "4", "sjögren", "ärzte"}));
  EXPECT_TRUE(words_of(" .,- ").empty());
}

}  // namespace
}  // namespace nelumbo
