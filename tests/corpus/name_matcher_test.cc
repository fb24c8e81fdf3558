// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_matcher.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "corpus/mesh.h"
#include "corpus/naive_names.h"
#include "corpus/name_rules.h"
#include "corpus/obo.h"

namespace nelumbo {
namespace {

std::vector<std::string> found(const NameMatcher& matcher, std::string_view text) {
  std::vector<std::string> names;
  for (const NameHit& hit : matcher.find(text))
    names.emplace_back(
        text.substr(static_cast<size_t>(hit.begin), static_cast<size_t>(hit.end - hit.begin)));
  return names;
}

using Names = std::vector<std::string>;

NameMatcher matcher_of(const Names& names) {
  std::vector<OwnedName> owned;
  for (const std::string& name : names)
    owned.push_back({name, std::ssize(owned)});
  return NameMatcher(owned);
}

TEST(NameMatcher, FindsWholeWordsInAnyCase) {
  const NameMatcher matcher = matcher_of({"Ear", "Tick Fever"});
  EXPECT_EQ(found(matcher, "EAR, early; hear the ear"), (Names{"EAR", "ear"}));
  EXPECT_EQ(found(matcher, "tick\nfever and ticks fever"), (Names{"tick\nfever"}));
  EXPECT_EQ(found(matcher, "(ear)\u2013ear\u00E9"), (Names{"ear"}));
}

TEST(NameMatcher, TakesTheLeftmostAndOfThoseTheLongest) {
  const NameMatcher matcher = matcher_of({"a b", "b c d", "a b c", "c d e f", "d"});
  EXPECT_EQ(found(matcher, "a b c d e f"), (Names{"a b c", "d"}));
  EXPECT_EQ(found(matcher, "x b c d"), (Names{"b c d"}));
  EXPECT_EQ(found(matcher, "b c x c d e"), (Names{"d"}));
}

TEST(NameMatcher, GoesBackToTheShorterNameWhenTheLongerOneBreaksOff) {
  const NameMatcher matcher = matcher_of({"red", "red cell count of blood", "cell count"});
  EXPECT_EQ(found(matcher, "red cell count of plasma"), (Names{"red", "cell count"}));
}

TEST(NameMatcher, TakesAbbreviationsAsTheyAreWritten) {
  const NameMatcher matcher = matcher_of({"AIDS", "WAS", "Will", "Id"});
  EXPECT_EQ(found(matcher, "It was said that AIDS aids will id Id WAS Will"),
            (Names{"AIDS", "Id", "WAS"}));
}

TEST(NameMatcher, TellsNamesApartThatDifferInCase) {
  const NameMatcher matcher(
      std::vector<OwnedName>{{"aids to hearing", 1}, {"Aids", 2}, {"AIDS", 3}});
  const auto hits = matcher.find("AIDS aids");
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].owner, 3);
  EXPECT_EQ(hits[1].owner, 2);
}

TEST(NameMatcher, GivesTheEarlierOwnerOfASharedName) {
  const NameMatcher matcher(std::vector<OwnedName>{{"Fever", 7}, {"fever", 8}, {" ", 9}});
  EXPECT_EQ(matcher.names(), 1);
  EXPECT_EQ(matcher.find("fever"), (std::vector<NameHit>{{0, 5, 7}}));
}

TEST(NameMatcher, FindsNothingInNothing) {
  EXPECT_TRUE(matcher_of({}).find("a text").empty());
  EXPECT_TRUE(matcher_of({"a text"}).find("").empty());
}

TEST(NameMatcher, EqualsANaiveSearchOnRandomText) {
  for (uint64_t trial = 0; trial < 60; ++trial) {
    Random random(trial, Purpose::kControl);
    const auto word = [&](int64_t longest) {
      std::string letters;
      for (int64_t n = 1 + random.below(longest); n > 0; --n)
        letters += "aAbB -"[random.below(6)];
      return letters;
    };
    std::vector<OwnedName> names;
    for (int64_t i = 0; i < 50; ++i)
      names.push_back({word(8), i});
    std::erase_if(names, [](const OwnedName& name) {
      return name.text.find_first_not_of(' ') == std::string::npos;
    });
    const std::string text = word(600);
    EXPECT_EQ(NameMatcher(names).find(text), NaiveNames(names).find(text)) << trial;
  }
}

TEST(NameMatcher, EqualsANaiveSearchForAllShippedNames) {
  const auto mesh = read_mesh(NELUMBO_SOURCE_DIR "/data/mesh");
  const auto terms = read_obo(NELUMBO_SOURCE_DIR "/data/disease-ontology/DO_rare_slim.obo");
  ASSERT_TRUE(mesh.ok() && terms.ok());
  std::vector<OwnedName> names;
  const auto add = [&](const std::string& name) {
    names.push_back({name, std::ssize(names)});
    for (const std::string& variant : name_variants(name))
      names.push_back({variant, std::ssize(names)});
  };
  for (const MeshDescriptor& descriptor : mesh.value())
    add(descriptor.name);
  std::string text;
  for (const OboTerm& term : terms.value()) {
    add(term.name);
    for (const OboSynonym& synonym : term.synonyms)
      add(synonym.text);
    if (text.size() < 30'000)
      text += term.definition + " " + term.name + "\n";
  }
  const NameMatcher matcher(names);
  EXPECT_GE(matcher.names(), 40'000);
  const auto hits = matcher.find(text);
  EXPECT_GT(hits.size(), 800U);
  EXPECT_EQ(hits, NaiveNames(names).find(text));
}

}  // namespace
}  // namespace nelumbo
