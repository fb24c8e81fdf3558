// SPDX-License-Identifier: Apache-2.0
#include "model/regex.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// Matches in brackets, gaps as they are.
std::string marked(const std::string& pattern, const std::string& text) {
  const Result<Regex> regex = Regex::compile(pattern, "p");
  if (!regex.ok())
    return regex.error().message;
  std::string shown;
  Patience patience;
  for (const Regex::Span& span : regex.value().cut(text, patience)) {
    const std::string part = text.substr(span.begin, span.end - span.begin);
    shown += span.match ? "[" + part + "]" : part;
  }
  return shown;
}

TEST(Regex, CutsTextIntoMatchesAndGaps) {
  EXPECT_EQ(marked(R"(\d+)", "a12b3"), "a[12]b[3]");
  EXPECT_EQ(marked(R"(\d+)", "none"), "none");
  EXPECT_EQ(marked(R"(\d+)", ""), "");
}

TEST(Regex, KnowsLettersOfAllScripts) {
  EXPECT_EQ(marked(R"(\p{L}+)", "Öl 漢字, б"), "[Öl] [漢字], [б]");
  EXPECT_EQ(marked(R"(\s+)", "a\u00a0\u3000b"), "a[\u00a0\u3000]b");
}

TEST(Regex, FindsEmptyMatchesButForThoseBehindAnother) {
  EXPECT_EQ(marked("x*", "axxé"), "[]a[xx]é[]");
  EXPECT_EQ(marked("(?=b)", "ab"), "a[]b");
}

TEST(Regex, NamesAFaultAndItsOffset) {
  EXPECT_EQ(marked("(unclosed", ""),
            "p: missing closing parenthesis at offset 9 of the pattern '(unclosed'");
}

TEST(Regex, ReadsPatternsAsOniguruma) {
  EXPECT_EQ(marked("[a-z&&[^b]]+", "abc"), "[a]b[c]");
  EXPECT_EQ(marked("^b", "a\nb"), "a\n[b]") << "anchors hold at every line";
}

TEST(Regex, TakesALiteralForItself) {
  const Result<Regex> dot = Regex::literal(".*", "p");
  ASSERT_TRUE(dot.ok());
  Patience patience;
  EXPECT_EQ(dot.value().replaced("a.*b.", "+", patience), "a+b.");
}

TEST(Regex, ReplacesEveryMatch) {
  Patience patience;
  const Result<Regex> spaces = Regex::compile(" {2,}", "p");
  ASSERT_TRUE(spaces.ok());
  EXPECT_EQ(spaces.value().replaced("a  b c   ", "_", patience), "a_b c_");
  const Result<Regex> start = Regex::compile("^", "p");
  ASSERT_TRUE(start.ok());
  EXPECT_EQ(start.value().replaced("ab", "_", patience), "_ab");
}

TEST(Regex, MeasuresTheMatchAtTheStart) {
  const Result<Regex> digits = Regex::compile(R"(\d+)", "p");
  ASSERT_TRUE(digits.ok());
  EXPECT_EQ(digits.value().length_at_start("12a3"), 2);
  EXPECT_EQ(digits.value().length_at_start("a3"), 0);
}

TEST(Regex, RefusesAPatternThatExplodesOnARun) {
  EXPECT_EQ(marked("(a+)+$", "a"),
            "p: the pattern '(a+)+$' takes exponential time on a run of 'a'");
}

TEST(Regex, LeavesTheRestWholeWhereAMatchIsGivenUp) {
  std::string run;
  for (int i = 0; i < 40; ++i)
    run += "é";
  EXPECT_EQ(marked("q|(é+)+$", "aq" + run + "!q"), "a[q]" + run + "!q");
}

TEST(Regex, IsNotTriedAnyMoreWhereMatchesWereGivenUp) {
  const Result<Regex> regex = Regex::compile("q|(é+)+$", "p");
  ASSERT_TRUE(regex.ok());
  std::string run;
  for (int i = 0; i < 40; ++i)
    run += "é";
  Patience patience{1};
  EXPECT_EQ(regex.value().cut(run + "!", patience).size(), 1U);
  EXPECT_EQ(patience.left, 0);
  EXPECT_FALSE(regex.value().cut("q", patience)[0].match);
}

}  // namespace
}  // namespace nelumbo
