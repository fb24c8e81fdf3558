// SPDX-License-Identifier: Apache-2.0
#include "corpus/naive_names.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const std::vector<OwnedName> kNames{{"heart", 1}, {"heart attack", 2}, {"AIDS", 3}, {"may", 4}};

TEST(NaiveNames, TakeTheLongestAtTheFirstPlace) {
  EXPECT_EQ(NaiveNames(kNames).find("A Heart\nattack, hearts and heart"),
            (std::vector<NameHit>{{2, 14, 2}, {27, 32, 1}}));
}

TEST(NaiveNames, KeepToTheRulesOfNames) {
  EXPECT_EQ(NaiveNames(kNames).find("it aids; AIDS may"), (std::vector<NameHit>{{9, 13, 3}}));
  EXPECT_TRUE(NaiveNames(kNames).find("").empty());
}

TEST(SearchCheck, AgreesOnEqualNamesAndSaysWhereOthersDiffer) {
  const std::vector<std::string_view> texts{"no name", "a heart", "a heart attack", "nothing"};
  const NameMatcher matcher(kNames);
  const SearchCheck same = check_search(matcher, NaiveNames(kNames), texts, 10);
  EXPECT_EQ(same.texts, 4);
  EXPECT_EQ(same.hits, 2);
  EXPECT_EQ(same.different, 0);
  const std::vector<OwnedName> fewer{{"heart", 1}};
  const SearchCheck other = check_search(matcher, NaiveNames(fewer), texts, 10);
  EXPECT_EQ(other.different, 1);
  EXPECT_EQ(other.first_different, 2);
  EXPECT_EQ(check_search(matcher, NaiveNames(fewer), texts, 2).texts, 2);
}

}  // namespace
}  // namespace nelumbo
