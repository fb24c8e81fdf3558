// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_split.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Pieces = std::vector<std::string>;
using From = JinjaFinder::From;

/// What `cut` gives, called with these arguments.
template <class Cut, class... Arguments>
Pieces pieces_of(Cut cut, Arguments... arguments) {
  Pieces pieces;
  cut(arguments..., [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  });
  return pieces;
}

TEST(JinjaSplit, CutsWhereAskedAndNoMoreThanAsked) {
  EXPECT_EQ(pieces_of(split_at_space, " a  b c ", 1), (Pieces{"a", "b c "}));
  EXPECT_EQ(pieces_of(split_at_space, "   ", -1), Pieces{});
  EXPECT_EQ(pieces_of(split_at, "a,b,c", ",", 1), (Pieces{"a", "b,c"}));
  EXPECT_EQ(pieces_of(split_at, "", ",", -1), Pieces{""});
  EXPECT_EQ(pieces_of(split_at, "a,b", ",", 0), Pieces{"a,b"});
}

TEST(JinjaSplit, CutsFromTheEndLastPieceFirst) {
  EXPECT_EQ(pieces_of(split_at_space_from_end, " a  b c ", 1), (Pieces{"c", " a  b"}));
  EXPECT_EQ(pieces_of(split_at_from_end, "a,b,c", ",", 1), (Pieces{"c", "a,b"}));
  EXPECT_EQ(pieces_of(split_at_from_end, "aaa", "aa", -1), (Pieces{"", "a"}));
}

TEST(JinjaSplit, EndsLinesAsPythonDoes) {
  EXPECT_EQ(pieces_of(split_lines, "a\r\nb\rc\u2028d\n", false), (Pieces{"a", "b", "c", "d"}));
  EXPECT_EQ(pieces_of(split_lines, "a\r\n\nb", true), (Pieces{"a\r\n", "\n", "b"}));
  EXPECT_EQ(pieces_of(split_lines, "", false), Pieces{});
}

TEST(JinjaSplit, StopsWhenNoMoreIsTaken) {
  int taken = 0;
  split_at("a,b,c", ",", -1, [&](std::string_view) { return ++taken < 2; });
  EXPECT_EQ(taken, 2);
}

/// All texts of a and b with up to `longest` letters.
Pieces words(size_t longest) {
  Pieces all = {""};
  for (size_t begin = 0, length = 0; length < longest; ++length) {
    const size_t end = all.size();
    for (; begin < end; ++begin)
      for (const char c : {'a', 'b'})
        all.push_back(all[begin] + c);
  }
  return all;
}

TEST(JinjaSplit, FindsWhatTheStandardLibraryFinds) {
  const Pieces texts = words(8);
  for (const std::string& wanted : words(4)) {
    const JinjaFinder first(wanted);
    const JinjaFinder last(wanted, From::kEnd);
    for (const std::string& text : texts) {
      ASSERT_EQ(first.find(text), text.find(wanted)) << wanted << " in " << text;
      ASSERT_EQ(last.find(text), text.rfind(wanted)) << wanted << " in " << text;
    }
  }
}

TEST(JinjaSplit, FindsInLinearTimeWhatAlmostOccursEverywhere) {
  // Some 10^11 comparisons where each place is compared for itself.
  const std::string text(2'000'000, 'a');
  const std::string half(1'000'000, 'a');
  EXPECT_EQ(JinjaFinder(half + "b").find(text), std::string::npos);
  EXPECT_EQ(JinjaFinder("b" + half, From::kEnd).find(text), std::string::npos);
}

TEST(JinjaSplit, PaysForTheLengthOfBothTexts) {
  JinjaRun run({.steps = 100});
  EXPECT_TRUE(jinja_pay_search(run, std::string(500, 'a'), "b"));
  EXPECT_FALSE(jinja_pay_search(run, "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace nelumbo
