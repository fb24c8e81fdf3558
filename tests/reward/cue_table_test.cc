// SPDX-License-Identifier: Apache-2.0
#include "reward/cue_table.h"

#include <gtest/gtest.h>

#include "reward/negation_cues.h"

namespace nelumbo {
namespace {

TEST(CueTable, FindsTheLongestPhraseAtAPlace) {
  const CueTable table;
  const std::vector<std::string> words = {"it", "was", "not", "ruled", "out"};
  EXPECT_EQ(table.at(words, 0), nullptr);
  ASSERT_NE(table.at(words, 1), nullptr);
  EXPECT_EQ(table.at(words, 1)->words.size(), 4u);
  EXPECT_EQ(table.at(words, 1)->roles, 0u) << "what is not ruled out may be there";
  EXPECT_EQ(table.at(words, 3)->roles, kDeniesNext | kReplies);
}

TEST(CueTable, KnowsWhomATestRulesOut) {
  const CueTable table;
  EXPECT_EQ(table.at({"rules", "the", "patient", "out"}, 0)->roles, kDeniesNext);
  EXPECT_EQ(table.at({"not", "rule", "her", "out"}, 0)->roles, 0u);
}

TEST(CueTable, EndsClausesWithCauses) {
  const CueTable table;
  EXPECT_EQ(table.at({"as", "the", "source", "of"}, 0)->roles, kEndsClause);
  EXPECT_EQ(table.at({"as", "the", "source"}, 0), nullptr);
}

}  // namespace
}  // namespace nelumbo
