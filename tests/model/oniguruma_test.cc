// SPDX-License-Identifier: Apache-2.0
#include "model/oniguruma.h"

#include <string>

#include <gtest/gtest.h>

#include "model/regex.h"

namespace nelumbo {
namespace {

std::string translated(const std::string& pattern) {
  const Result<std::string> made = from_oniguruma(pattern, "p");
  return made.ok() ? made.value() : made.error().message;
}

/// What a pattern finds, in brackets.
std::string found(const std::string& pattern, const std::string& text) {
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

TEST(Oniguruma, LeavesAlonePatternsThatMeanTheSame) {
  for (const std::string pattern :
       {"(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+", "\\p{N}{1,3}|a{2,}?b*+",
        "(?<name>a)(?<=b)(?!c)", "[!\"#$%\\]\\\\]"})
    EXPECT_EQ(translated(pattern), pattern);
}

TEST(Oniguruma, CombinesSetsInClasses) {
  EXPECT_EQ(found("[a-f&&[^c]]+", "abcdg"), "[ab]c[d]g");
  EXPECT_EQ(found("[^a-f&&[^c]]", "ac"), "a[c]");
  EXPECT_EQ(found("[a[x-z]]+", "axyb"), "[axy]b");
  EXPECT_EQ(found("[\\p{L}&&[^\\p{Han}]]+", "ab漢c"), "[ab]漢[c]");
  EXPECT_EQ(found("[a-z&&[aeiou]&&[^e]]", "aeb"), "[a]eb");
  EXPECT_EQ(found("[^\\S\\n]+", " \n\t"), "[ ]\n[\t]");
}

TEST(Oniguruma, TakesClassesByUnicode) {
  EXPECT_EQ(found("[[:alpha:]]+", "aé1"), "[aé]1");
  EXPECT_EQ(found("[[:^digit:]]+", "a1٣b"), "[a]1٣[b]");
  EXPECT_EQ(found("[[:punct:]]", "a+€"), "a[+][€]");
  EXPECT_EQ(found("\\p{^L}", "a1"), "a[1]");
  EXPECT_EQ(found("\\P{^L}", "a1"), "[a]1");
  EXPECT_EQ(found("\\h+", "xfF0"), "x[fF0]");
  EXPECT_EQ(found("\\s", "\u180e\u0085"), "\u180e[\u0085]");
  EXPECT_EQ(found("\\w+", "e\u0301²"), "[e\u0301²]");
  EXPECT_EQ(found("[\\w]+", "a²"), "[a]²");
  EXPECT_EQ(found("\\b", "ab c"), "[]ab[] []c[]");
}

TEST(Oniguruma, RepeatsIntervalsWhereOthersWouldBePossessive) {
  EXPECT_EQ(found("a{2}+a", "aaaaa"), "[aaaaa]");
  EXPECT_EQ(found("(?:ab){1}?c", "c"), "[c]");
  EXPECT_EQ(found("a{,2}b", "aaab"), "a[aab]");
  EXPECT_EQ(found("a{b", "a{b"), "[a{b]");
}

TEST(Oniguruma, LetsTheDotMatchANewlineByItsOwnFlag) {
  EXPECT_EQ(found("(?m:a.b)", "a\nb"), "[a\nb]");
  EXPECT_EQ(found("a.b", "a\nb"), "a\nb");
  EXPECT_EQ(found("a\\Ob\\v", "a\nb\v"), "[a\nb\v]");
  EXPECT_EQ(found("\\u00e9", "é"), "[é]");
}

TEST(Oniguruma, RefusesByNameWhatHasNoEquivalent) {
  EXPECT_EQ(translated("(?~ab)"), "p: '(?~' is not supported in a pattern");
  EXPECT_EQ(translated("(*ACCEPT)"), "p: '(*' is not supported in a pattern");
  EXPECT_EQ(translated("(a)\\1"), "p: '\\1' is not supported in a pattern");
  EXPECT_EQ(translated("\\Ka"), "p: '\\K' is not supported in a pattern");
  EXPECT_EQ(translated("[\\R]"), "p: '[\\R]' is not supported in a pattern");
  EXPECT_EQ(translated("[a"), "p: '[' is not supported in a pattern");
  EXPECT_EQ(translated(std::string(40, '[')), "p: '[[[' is not supported in a pattern");
  EXPECT_EQ(translated(std::string(70'000, 'a')),
            "p: a pattern of 70000 bytes is too long; 65536 are allowed");
}

}  // namespace
}  // namespace nelumbo
