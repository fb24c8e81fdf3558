// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern.h"

#include <array>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(PatternTest, FindsTheFirstMatch) {
  const auto pattern = Pattern::compile("(?i)stop taking .* without");
  ASSERT_TRUE(pattern.ok());
  EXPECT_EQ(pattern.value().find("Please Stop taking it without asking").value(),
            "Stop taking it without");
  EXPECT_FALSE(pattern.value().find("keep taking it").value().has_value());
}

TEST(PatternTest, SaysWhereItIsWrong) {
  const auto pattern = Pattern::compile("a(b");
  ASSERT_FALSE(pattern.ok());
  EXPECT_EQ(pattern.error().message, "'a(b', character 3: missing closing parenthesis");
}

TEST(PatternTest, GivesUpWithinItsBound) {
  const auto pattern = Pattern::compile("^(a+)+$");
  ASSERT_TRUE(pattern.ok());
  const auto found = pattern.value().find(std::string(40, 'a') + "b");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::kUnavailable);
}

std::string repeated(std::string_view part, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += part;
  return all;
}

TEST(PatternTest, GivesUpWithinOneBoundForAllPlacesWhereAMatchMayBegin) {
  const auto pattern = Pattern::of_spec("(?:[^<]|<[^a])*>$");
  ASSERT_TRUE(pattern.ok());
  PatternWork work;
  const auto found = pattern.value().place_of(repeated("<b", 14000) + ">x", 0, work);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::kUnavailable);
  EXPECT_LT(work.left, 0);
  EXPECT_FALSE(pattern.value().place_of("b>", 0, work).ok());  // nothing is left for it
  EXPECT_TRUE(pattern.value().find("b>").value());
}

TEST(PatternTest, DecidesMuchWorkWithinTheBoundAsBefore) {
  const auto pattern = Pattern::of_spec("(?:[^<]|<[^a])*>$");
  PatternWork work;
  const std::string text = repeated("<b", 500) + ">x" + repeated("<a", 50'000);
  EXPECT_FALSE(pattern.value().place_of(text, 0, work).value());
  EXPECT_TRUE(work.is_counted);
  EXPECT_GT(work.left, 0);
  EXPECT_EQ(pattern.value().find(text + "\nb>").value(), "a\nb>");
}

TEST(PatternTest, CountsTheSameInSeveralThreadsAndCopies) {
  const Pattern pattern = Pattern::of_spec("(?:[^<]|<[^a])*>$").value();
  const std::string text = repeated("<b", 500) + ">x" + repeated("<a", 50'000);
  std::array<PatternWork, 4> works;
  std::vector<std::thread> threads;
  for (PatternWork& work : works)
    threads.emplace_back(
        [&work, &text, copy = pattern] { EXPECT_FALSE(copy.place_of(text, 0, work).value()); });
  for (std::thread& thread : threads)
    thread.join();
  for (const PatternWork& work : works) {
    EXPECT_TRUE(work.is_counted);
    EXPECT_EQ(work.left, works[0].left);
  }
}

constexpr std::array kLight = {"(?i)no\\s+temperature",
                               "(\\d+)\\s*(mg|g|ml)(/kg)",
                               "(\\S+\\s+){0,3}x",
                               "^\\s*\\{.*\\}\\s*$",
                               "(?i)(?:no|denies|without)\\s+(?:\\w+\\s+){0,4}cough",
                               "first.*then",
                               ".*x"};

TEST(PatternTest, CountsNothingForHarmlessPatternsOnTextsOfUsualLength) {
  const std::string text = repeated("She takes 5 mg of it each day and has no fever.\n", 300);
  for (const char* pattern : kLight) {
    PatternWork work;
    const auto found = Pattern::of_spec(pattern).value().place_of(text, 0, work);
    ASSERT_TRUE(found.ok()) << pattern;
    EXPECT_FALSE(found.value()) << pattern;
    EXPECT_FALSE(work.is_counted) << pattern;
  }
}

TEST(PatternTest, DecidesHarmlessPatternsOnLongTextsWithLittleWork) {
  const std::string text = repeated("She takes 5 mg of it each day and has no fever.\n", 10'000);
  for (const char* pattern : kLight) {
    PatternWork work;
    const auto found = Pattern::of_spec(pattern).value().place_of(text, 0, work);
    ASSERT_TRUE(found.ok()) << pattern;
    EXPECT_FALSE(found.value()) << pattern;
    EXPECT_TRUE(work.is_counted) << pattern;
    EXPECT_GT(work.left, 30'000'000) << pattern << ": of 48 million, 100 for each byte";
  }
}

/// Nothing of it is counted by PCRE2's own limit: it passes over all digits at each of them.
TEST(PatternTest, CountsTheBytesThatAPartPassesOver) {
  const auto pattern = Pattern::of_spec("\\d++x");
  ASSERT_TRUE(pattern.ok());
  PatternWork work;
  const auto found = pattern.value().place_of(std::string(1 << 18, '1'), 0, work);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Errc::kUnavailable);
  EXPECT_LT(work.left, 0);
  EXPECT_EQ(pattern.value().find(std::string(1 << 18, '1') + "x").value()->size(), (1 << 18) + 1u);
}

/// Nor what a part that refers back compares.
TEST(PatternTest, CountsTheBytesThatAReferenceCompares) {
  for (const char* refers : {"(?=(a+))a*\\1$", "(?=(?<all>a+))a*\\k<all>$", "(?=(a+))a*\\g{1}$",
                             "(?=(?P<all>a+))a*(?P=all)$"}) {
    const auto pattern = Pattern::of_spec(refers);
    ASSERT_TRUE(pattern.ok()) << refers;
    PatternWork work;
    // So few that they would never come to the bound by what is tried alone.
    EXPECT_FALSE(pattern.value().place_of(std::string(1800, 'a') + "!", 0, work).ok()) << refers;
    EXPECT_LT(work.left, 0) << refers;
    EXPECT_TRUE(pattern.value().find("aaaa").value()) << refers;
  }
}

/// PCRE2 alone looks through the rest of the text for the last letter that the pattern needs, "n",
/// from each "i" on, for there is but "N".
TEST(PatternTest, DecidesWhereALetterIsThereInOneCaseAlone) {
  const auto pattern = Pattern::of_spec("(?i)\\bignore\\s+(all\\s+)?instruction");
  PatternWork work;
  const std::string text = repeated(" No wait, ", 100'000);
  EXPECT_FALSE(pattern.value().place_of(text, 0, work).value());
  EXPECT_GT(work.left, 90'000'000);
  EXPECT_TRUE(pattern.value().find(text + "IGNORE INSTRUCTION").value());
}

TEST(PatternTest, FindsInLongTextsWhatItFindsInShortOnes) {
  const std::string head = repeated("\xC3\xA4 b ", 5000);
  for (const char* pattern : {"(?i)c$", "\\bc\\b", "c\\z", "(?<=b )c", "^\xC3\xA4.*c", "c(?!d)"}) {
    const auto made = Pattern::of_spec(pattern);
    ASSERT_TRUE(made.ok()) << pattern;
    const auto place = made.value().place_of(head + "c").value();
    ASSERT_TRUE(place) << pattern;
    EXPECT_EQ(place->end, head.size() + 1) << pattern;
    EXPECT_FALSE(made.value().find(head).value()) << pattern << ": a part of a match is none";
  }
  EXPECT_FALSE(Pattern::of_spec("c").value().find(head + "\xFF").ok());
}

constexpr const char* kExplosive[] = {"(a+)+$",
                                      "^(\\w+\\s?)*$",
                                      "(a|a)*b",
                                      "(a|ab|b)*c",
                                      "x(foo|bar)(0+)+y",
                                      "(.*)*x[0-9]",
                                      "([a-z]+)*[0-9]",
                                      "(\\d+,?)+z",
                                      "(a*)*b",
                                      "(ä+)+ö",
                                      "a*a*a*a*b",
                                      "a.*b.*c.*d.*e.*f",
                                      "(?i)a.*b.*c.*d.*e.*f",
                                      "a.+b.+c.+d.+e",
                                      "a[\\s\\S]*b[\\s\\S]*c[\\s\\S]*d[\\s\\S]*e[0-9]",
                                      "\\d+.*\\d+.*\\d+.*z",
                                      "(?:x{37}(y+)+)$",
                                      "(x{100}(y+)+)$",
                                      "(foo|(a+)+$|bar)",
                                      "(\\W+)+$",
                                      "([^x]+)+$",
                                      "(?x) ( a + ) + # c\n $",
                                      "(?=(a+)+$)b?",
                                      "(.*?,){11}P",
                                      "([a-m]|[k-z])+1",
                                      "\\Qx.y\\E(a+)+$",
                                      "(['\"])(a+)+\\1",
                                      "\\p{L}{20}(\\d+)+$",
                                      "[[:alpha:]]{25}([0-9]+)*$",
                                      "(a|b|c|d|e|e)*f$",
                                      "^(?:(?:x{9}){9}(y|yy)+)$",
                                      "(?i)diagnosis: (?:[a-z]+\\s*)+\\.$",
                                      "^(\\S+\\s*){1,50}$"};
constexpr const char* kHarmless[] = {"[0-9]+",
                                     "(?i)stop taking .* without",
                                     "(a+)++$",
                                     "^white [0-9]+\\s*(<g[0-9]+>\\s*)*,",
                                     "a.*b",
                                     "(\\S+\\s+){0,3}x",
                                     "ä+ö",
                                     "(foo|bar)+",
                                     "\\bno\\b",
                                     "^\\s*\\{.*\\}\\s*$",
                                     "(?i)do not .* see .* doctor",
                                     "first.*then.*finally",
                                     "^a.*z$",
                                     "no\\b.*\\bfever",
                                     "^\\d{1,3}(,\\d{3})*$",
                                     "(?i)answer\\s*[:=]\\s*(.+)$",
                                     "[^\\n]*\\n",
                                     "\"(?:[^\"\\\\]|\\\\.)*\"",
                                     "^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$",
                                     "(?s)<think>.*</think>\\s*<answer>.*</answer>",
                                     "^(?=.*\\d)(?=.*[a-z]).{8,}$",
                                     "(\\d+)\\s*(mg|g|ml)(/kg)?(/day)?",
                                     "(?i)(?:no|denies|without)\\s+(?:\\w+\\s+){0,4}fever",
                                     "x{1000}y",
                                     "^(.{1,500})$",
                                     "\\\\boxed\\{([^{}]*)\\}"};

TEST(PatternTest, OfASpecMayNotExplode) {
  for (const char* pattern : kExplosive) {
    const auto refused = Pattern::of_spec(pattern);
    ASSERT_FALSE(refused.ok()) << pattern;
    EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
    EXPECT_NE(refused.error().message.find("explodes"), std::string::npos);
  }
  for (const char* pattern : kHarmless)
    EXPECT_TRUE(Pattern::of_spec(pattern).ok()) << pattern;
}

TEST(PatternTest, OfASpecMayNotExplodeThoughItsTextsAreFew) {
  std::string optional, fixed, alike;
  for (int i = 0; i < 30; ++i) {
    optional += "a?";
    fixed += "a";
    alike += "(?:a|a)";
  }
  for (const std::string& pattern : {optional + fixed, alike + "b", std::string("(a?){30}a{30}")})
    EXPECT_FALSE(Pattern::of_spec(pattern).ok()) << pattern;
  EXPECT_TRUE(Pattern::of_spec("a?a?a?aaa").ok());
}

TEST(PatternTest, FindsPlaces) {
  const auto pattern = Pattern::compile("a+");
  const auto first = pattern.value().place_of("baab a").value();
  EXPECT_EQ(first->begin, 1u);
  EXPECT_EQ(first->end, 3u);
  EXPECT_EQ(pattern.value().place_of("baab a", 3).value()->begin, 5u);
  EXPECT_FALSE(pattern.value().place_of("baab a", 6).value().has_value());
}

TEST(PatternTest, OfASpecMayNotCallItself) {
  const auto refused = Pattern::of_spec("\\((?:[^()]|(?R))*\\)");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "'\\((?:[^()]|(?R))*\\)' calls a part of itself by '(?R)', so that nothing bounds its "
            "work; write it out");
  for (const char* pattern : {"(a(?1)?b)", "(a|b(?-1)?)", "(?<n>a(?&n)?b)", "(?P<n>a(?P>n)?b)",
                              "(a\\g<1>?b)", "(?0)?a", "(a\\g'1'?b)"})
    EXPECT_NE(Pattern::of_spec(pattern).error().message.find("calls a part"), std::string::npos)
        << pattern;
  for (const char* pattern : {"\\(?R\\)", "[(?R)]", "\\Q(?R)\\E", "(?-i)a", "(a)\\g{1}",
                              "[]\\](?1)]x", "(?i)R", "(?:R)", "(?<R>a)"})
    EXPECT_TRUE(Pattern::of_spec(pattern).ok()) << pattern;
}

TEST(PatternTest, OfASpecMayHaveToMatchAll) {
  const auto pattern = Pattern::of_spec("a|ab", true);
  EXPECT_TRUE(pattern.value().find("ab").value());
  EXPECT_FALSE(pattern.value().find("abc").value());
  EXPECT_FALSE(Pattern::of_spec("(a+)+", true).ok());
  EXPECT_FALSE(Pattern::of_spec("a(b").ok());
}

TEST(PatternTest, RefusesTextThatIsNotUtf8) {
  const auto pattern = Pattern::compile("a");
  EXPECT_FALSE(pattern.value().find("\xFF").ok());
}

}  // namespace
}  // namespace nelumbo
