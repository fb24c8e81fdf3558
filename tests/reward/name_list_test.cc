// SPDX-License-Identifier: Apache-2.0
#include "reward/name_list.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Places = std::vector<size_t>;

Places exact(const NameList& names, const char* text) {
  return names.exact_places(ComparedName(text));
}

Places places(const NameList& names, const char* text) {
  return names.places(ComparedName(text));
}

std::optional<size_t> lettered(const std::vector<std::string>& names, const char* answer) {
  return NameList(names).lettered_place(ComparedName(answer));
}

TEST(NameLists, FindATextInItsCaseFirst) {
  const NameList names({"PP", "Pp", "kidney", "Kidney stone", "Pp"});
  EXPECT_EQ(exact(names, " Pp."), (Places{1, 4}));
  EXPECT_EQ(exact(names, "pp"), Places()) << "written in two ways";
  EXPECT_EQ(exact(names, "KIDNEY  stone"), Places{3}) << "written in one";
  EXPECT_EQ(exact(names, ""), Places());
  EXPECT_EQ(exact(NameList(), "PP"), Places());
  EXPECT_TRUE(names.holds("kidney"));
  EXPECT_FALSE(names.holds("pp"));
  EXPECT_TRUE(names.holds_in_any_case("pP!"));
  EXPECT_FALSE(names.holds_in_any_case("p"));
}

TEST(NameLists, FindATextWithoutAnArticleWhereItIsNoneWithIt) {
  const NameList names(
      {"The kidney", "bladder", "An embolism", "a", "A cell", "The liver", "liver"});
  EXPECT_EQ(places(names, "kidney"), Places{0});
  EXPECT_EQ(places(names, "the bladder"), Places{1});
  EXPECT_EQ(places(names, "embolism"), Places{2});
  EXPECT_EQ(places(names, "a"), Places{3});
  EXPECT_EQ(places(names, "cell"), Places()) << "A may be a letter";
  EXPECT_EQ(places(names, "the liver"), Places{5});
  EXPECT_EQ(places(names, "liver"), Places{6});
}

TEST(NameLists, AreNamedByLettersWhereTheyAreNone) {
  const std::vector<std::string> cells = {"red", "white", "platelet"};
  EXPECT_EQ(lettered(cells, "White."), 1);
  EXPECT_EQ(lettered(cells, "(c)"), 2);
  EXPECT_EQ(lettered(cells, "B"), 1);
  EXPECT_EQ(lettered({"b", "a"}, "b"), 0) << "a name itself";
  for (const char* answer : {"d", "red white", "", "1", "(", "bb"})
    EXPECT_FALSE(lettered(cells, answer)) << answer;
  EXPECT_FALSE(lettered({"0", "1"}, "a"));
  EXPECT_FALSE(lettered({"а", "б", "в"}, "b")) << "single letters, of Cyrillic";
}

}  // namespace
}  // namespace nelumbo
