// SPDX-License-Identifier: Apache-2.0
#include "corpus/reasoning_chain.h"

#include <gtest/gtest.h>

#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

using Texts = std::vector<std::string>;

TEST(ReasoningChain, WalksTheGoldPath) {
  EXPECT_EQ(chain_of(small_item()).text(),
            "<understand> pale skin alphosis: gene, band, band of, gene of</understand>\n"
            "<recall> pale skin alphosis | gene | AAA1\n"
            " AAA1 | band | 1p11\n"
            " 1p11 | band of | BBB1\n"
            " BBB1 | gene of | early betosis</recall>\n"
            "<reason> pale skin alphosis -> AAA1 -> 1p11 -> BBB1 -> early betosis</reason>\n"
            "<conclude> early betosis</conclude>");
}

TEST(ReasoningChain, IsReadAsItWasWritten) {
  const ReasoningChain chain = chain_of(small_item());
  const auto read = read_chain(chain.text() + "<answer> early betosis</answer>");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text(), chain.text());
  EXPECT_EQ(read->recall.size(), 4U);
  EXPECT_EQ(read->reason, (Texts{"pale skin alphosis", "AAA1", "1p11", "BBB1", "early betosis"}));
  EXPECT_EQ(read->extra, "");
}

TEST(ReasoningChain, KeepsWhatStandsBetweenTheParts) {
  const auto read = read_chain(
      "well <understand>a</understand> so <recall>b</recall>"
      "<reason>c</reason><conclude>d</conclude> the end");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->extra, "wellso");
}

TEST(ReasoningChain, MayHaveItsArrowsDrawn) {
  const auto reason = [](const std::string& text) {
    return read_chain("<understand>a</understand><recall>b</recall><reason>" + text +
                      "</reason><conclude>d</conclude>")
        ->reason;
  };
  EXPECT_EQ(reason("AAA1 \u2192 1p11\u2192BBB1 -> c"), (Texts{"AAA1", "1p11", "BBB1", "c"}));
  EXPECT_EQ(reason("AAA1, 1p11 - BBB1"), Texts{"AAA1, 1p11 - BBB1"});
}

TEST(ReasoningChain, NeedsEachPartOnceAndInOrder) {
  const std::string good =
      "<understand>a</understand><recall>b</recall><reason>c</reason>"
      "<conclude>d</conclude>";
  ASSERT_TRUE(read_chain(good));
  for (const char* bad :
       {"", "<understand>a</understand><recall>b</recall><reason>c</reason>",
        "<understand>a</understand><reason>c</reason><recall>b</recall><conclude>d</conclude>",
        "<understand></understand><recall>b</recall><reason>c</reason><conclude>d</conclude>",
        "<understand>a</understand><recall>b<reason>c</reason></recall><conclude>d</conclude>",
        "<understand>a</understand><recall>b</recall><reason>c</reason><conclude>d"})
    EXPECT_FALSE(read_chain(bad)) << bad;
  EXPECT_FALSE(read_chain(good + good));
  EXPECT_FALSE(read_chain("<conclude>d</conclude>" + good));
}

TEST(ReasoningChain, ReadsFacts) {
  const RecalledEdge edge{"1p11", {Relation::kBand, true}, "BBB1"};
  EXPECT_EQ(read_edge(edge_line(edge)), edge);
  for (const char* bad : {"", "a | b", "a | cousin | b", "a | gene | ", "a | gene | b | c"})
    EXPECT_FALSE(read_edge(bad)) << bad;
}

TEST(ReasoningChain, TagsAreEightTokens) {
  const Texts tokens = chain_tokens();
  EXPECT_EQ(tokens.size(), 8U);
  EXPECT_EQ(tokens.front(), "<understand>");
  EXPECT_EQ(tokens.back(), "</conclude>");
}

}  // namespace
}  // namespace nelumbo
