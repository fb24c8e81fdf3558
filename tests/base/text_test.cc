// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const std::vector<std::string> kWords = {"steps", "prompts", "group_size", "lr", "pretrain"};

TEST(NearestWord, UndoesOneTypo) {
  for (const char* typo : {"step", "stpes", "stebs", "stepss", "Steps"})
    EXPECT_EQ(nearest_word(typo, kWords), "steps") << typo;
  EXPECT_EQ(nearest_word("groupsize", kWords), "group_size");
  EXPECT_EQ(nearest_word("grop_szie", kWords), "group_size");
  EXPECT_EQ(nearest_word("lrr", kWords), "lr");
}

TEST(NearestWord, KeepsQuietWhenNothingIsNear) {
  for (const char* word : {"batch", "x", "", "learning_rate"})
    EXPECT_EQ(nearest_word(word, kWords), std::nullopt) << word;
  EXPECT_EQ(nearest_word(std::string(1 << 20, 's'), kWords), std::nullopt);
  EXPECT_EQ(nearest_word("steps", {}), std::nullopt);
}

TEST(NearestWord, TakesTheNearestOfSeveral) {
  const std::vector<std::string> words = {"clip_low", "clip_high", "clip"};
  EXPECT_EQ(nearest_word("clip_hihg", words), "clip_high");
  EXPECT_EQ(nearest_word("clp", words), "clip");
}

TEST(DidYouMean, EndsAMessage) {
  EXPECT_EQ(did_you_mean("lrr", kWords), " (did you mean 'lr'?)");
  EXPECT_EQ(did_you_mean("batch", kWords), "");
}

TEST(ValidUtf8, KeepsWhatIsWellFormed) {
  for (const char* text : {"", "abc", "µ", "€", "😀", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(valid_utf8(text), text);
    EXPECT_EQ(invalid_utf8_at(text), std::nullopt);
  }
}

TEST(ValidUtf8, ReplacesEachIllFormedPart) {
  EXPECT_EQ(valid_utf8("a\x80z"), "a\uFFFDz");
  EXPECT_EQ(valid_utf8("\xE2\x82"), "\uFFFD");  // cut short
  EXPECT_EQ(valid_utf8("\xE2\x82z"), "\uFFFDz");
  EXPECT_EQ(valid_utf8("\xC0\xAF"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // above U+10FFFF
  EXPECT_EQ(valid_utf8("\xF0\x9F\x98\xE2\x82\xAC"), "\uFFFD€");
}

TEST(InvalidUtf8At, GivesTheFirstPlace) {
  EXPECT_EQ(invalid_utf8_at("ab\xFFz\xFF"), 2u);
  EXPECT_EQ(invalid_utf8_at("€\xE2\x82"), 3u);
}

TEST(HtmlEscape, LeavesNothingThatOpensATagOrEndsAnAttribute) {
  EXPECT_EQ(html_escape("<a href=\"x\" id='y'>&amp;µ"),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;µ");
}

TEST(Joined, PutsTheMarkBetweenPieces) {
  EXPECT_EQ(joined({}, ", "), "");
  EXPECT_EQ(joined({"one"}, ", "), "one");
  EXPECT_EQ(joined({"", "b", ""}, ", "), ", b, ");
}

TEST(Trimmed, TakesWhiteSpaceOffTheEndsAlone) {
  EXPECT_EQ(trimmed("\t a b\v\f\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed("µ\u00A0"), "µ\u00A0");
}

TEST(IsBlank, TellsWhiteSpaceFromAnyOtherByte) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\r\n"));
  EXPECT_FALSE(is_blank(" ."));
  EXPECT_FALSE(is_blank(std::string_view("\0", 1)));
}

TEST(Text, IsTakenUpToAMark) {
  std::string_view rest = "a--b--";
  EXPECT_EQ(take_until("--", &rest), "a");
  EXPECT_EQ(take_until("--", &rest), "b");
  EXPECT_EQ(take_until("--", &rest), "");
  rest = "c";
  EXPECT_EQ(take_until("--", &rest), "c");
  EXPECT_EQ(rest, "");
}

TEST(Occurrences, AreCountedWithoutOverlap) {
  EXPECT_EQ(occurrences("aa", "aaaa"), 2);
  EXPECT_EQ(occurrences("<a>", "<a><a>"), 2);
  EXPECT_EQ(occurrences("a", ""), 0);
}

TEST(Text, QuotesTheBeginningOfWhatIsLong) {
  EXPECT_EQ(shortened(std::string(100, 'a')), std::string(100, 'a'));
  EXPECT_EQ(shortened(std::string(1'000'000, 'a')), std::string(100, 'a') + "...");
  EXPECT_EQ(shortened(std::string(99, 'a') + "éé"), std::string(99, 'a') + "...");
}

}  // namespace
}  // namespace nelumbo
