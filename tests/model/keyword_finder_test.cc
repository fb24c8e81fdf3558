// SPDX-License-Identifier: Apache-2.0
#include "model/keyword_finder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

using Keywords = std::vector<std::string>;

std::string hits(const Keywords& keywords, const std::string& text) {
  std::string shown;
  for (const KeywordFinder::Hit& hit : KeywordFinder(keywords).longest_from_each_place(text))
    shown += std::to_string(hit.at) + ":" + keywords[hit.keyword] + " ";
  return shown;
}

TEST(KeywordFinder, FindsTheLongestFromEachPlace) {
  EXPECT_EQ(hits({"ab", "abc", "bcd", "c"}, "xabcdab"), "1:abc 2:bcd 3:c 5:ab ");
  EXPECT_EQ(hits({"a", "aa"}, "aaa"), "0:aa 1:aa 2:a ");
  EXPECT_EQ(hits({}, "abc"), "");
  EXPECT_EQ(hits({"", "b"}, "ab"), "1:b ");
  EXPECT_TRUE(KeywordFinder({}).empty());
}

TEST(KeywordFinder, CountsTheFirstOfEqualKeywords) {
  const KeywordFinder finder({"a", "a"});
  ASSERT_EQ(finder.longest_from_each_place("a").size(), 1U);
  EXPECT_EQ(finder.longest_from_each_place("a")[0].keyword, 0);
}

TEST(KeywordFinder, EqualsItsDefinitionOnRandomTexts) {
  Random random(11, Purpose::kControl);
  const auto word = [&](int64_t most) {
    std::string made;
    for (int64_t n = 1 + random.below(most); n > 0; --n)
      made += static_cast<char>('a' + random.below(2));
    return made;
  };
  for (int round = 0; round < 200; ++round) {
    Keywords keywords;
    for (int k = 0; k < 5; ++k)
      keywords.push_back(word(5));
    const std::string text = word(30);
    std::string expected;
    for (size_t at = 0; at < text.size(); ++at) {
      std::string longest;
      for (const std::string& keyword : keywords)
        if (text.compare(at, keyword.size(), keyword) == 0 && keyword.size() > longest.size())
          longest = keyword;
      if (!longest.empty())
        expected += std::to_string(at) + ":" + longest + " ";
    }
    EXPECT_EQ(hits(keywords, text), expected) << text;
  }
}

TEST(KeywordFinder, EndsSoonOnKeywordsThatAlmostMatchEverywhere) {
  const KeywordFinder finder({std::string(100'000, 'a') + "b", "b" + std::string(100'000, 'a')});
  EXPECT_TRUE(finder.longest_from_each_place(std::string(1'000'000, 'a')).empty());
}

}  // namespace
}  // namespace nelumbo
