// SPDX-License-Identifier: Apache-2.0
#include "corpus/obo.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const std::string kRareSlim = NELUMBO_SOURCE_DIR "/data/disease-ontology/DO_rare_slim.obo";

Result<std::vector<OboTerm>> read_text(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.obo", std::ios::binary) << text;
  return read_obo(folder / "a.obo");
}

/// The message about a text, from the name of the file on.
std::string complaint(const std::string& text) {
  const auto terms = read_text(text);
  if (terms)
    return "no complaint";
  EXPECT_EQ(terms.error().code, Errc::kBadData);
  return terms.error().message.substr(terms.error().message.find("a.obo"));
}

TEST(Obo, ReadsTheShippedSlim) {
  const auto terms = read_obo(kRareSlim);
  ASSERT_TRUE(terms.ok()) << terms.error().message;
  int64_t live = 0, synonyms = 0, definitions = 0, parents = 0, exact = 0;
  for (const OboTerm& term : terms.value()) {
    live += !term.obsolete;
    synonyms += std::ssize(term.synonyms);
    definitions += !term.definition.empty();
    parents += std::ssize(term.is_a);
    for (const OboSynonym& synonym : term.synonyms)
      exact += synonym.scope == SynonymScope::kExact;
  }
  EXPECT_EQ(live, 3458);
  EXPECT_EQ(std::ssize(terms.value()), 3460);
  EXPECT_EQ(synonyms, 8661);
  EXPECT_EQ(exact, 8489);
  EXPECT_EQ(definitions, 3283);
  EXPECT_EQ(parents, 1609);
}

TEST(Obo, ReadsATermWithItsLine) {
  const auto terms = read_text(
      "format-version: 1.2\n\n[Term]\nid: A:1\nname: tick fever\n"
      "def: \"Caused by \\\"ticks\\\", mostly.\" [url:http\\://x, PMID:1] {comment=\"x\"}\n"
      "synonym: \"a fever\" EXACT OMO:0003012 []\nsynonym: \"fever\" BROAD []\n"
      "xref: MESH:D1 \"a name\"\nis_a: A:2 {source=\"x\"} ! fever\nis_obsolete: true\n"
      "[Typedef]\nid: part_of\n\n[Term]\nid: A:2\nname: fever \\! {hot}\n");
  ASSERT_TRUE(terms.ok()) << terms.error().message;
  ASSERT_EQ(terms.value().size(), 2U);
  const OboTerm& term = terms.value()[0];
  EXPECT_EQ(term.id, "A:1");
  EXPECT_EQ(term.name, "tick fever");
  EXPECT_EQ(term.definition, "Caused by \"ticks\", mostly.");
  EXPECT_EQ(term.synonyms, (std::vector<OboSynonym>{{"a fever", SynonymScope::kExact},
                                                    {"fever", SynonymScope::kBroad}}));
  EXPECT_EQ(term.is_a, std::vector<std::string>{"A:2"});
  EXPECT_EQ(term.xrefs, std::vector<std::string>{"MESH:D1"});
  EXPECT_TRUE(term.obsolete);
  EXPECT_EQ(term.line, 3);
  EXPECT_EQ(terms.value()[1].name, "fever ! {hot}");
}

TEST(Obo, SaysWhatIsWrongAndWhere) {
  const std::string term = "[Term]\nid: A:1\nname: x\n";
  const std::pair<std::string, const char*> cases[] = {
      {"", "a.obo:1: the file has no [Term]"},
      {"format-version: 1.2\n", "a.obo:1: the file has no [Term]"},
      {term + "rubbish\n", "a.obo:4: is no 'tag: value'"},
      {term + "[Term\n", "a.obo:4: is no stanza head"},
      {term + "name: y\n", "a.obo:4: the term has a second name"},
      {term + "id: A:2\n", "a.obo:4: the term A:1 has a second id"},
      {term + term, "a.obo:5: the id A:1 stands in the file twice"},
      {term + "def: \"torn [x]\n", "a.obo:4: the definition is not in a pair of quotes"},
      {term + "def: none\n", "a.obo:4: the definition is not in a pair of quotes"},
      {term + "synonym: \"a\" SIMILAR []\n", "a.obo:4: the scope of a synonym"},
      {term + "synonym: \" \" EXACT []\n", "a.obo:4: the synonym is empty"},
      {term + "is_a: ! nothing\n", "a.obo:4: the is_a names nothing"},
      {term + "is_obsolete: yes\n", "a.obo:4: is_obsolete is neither"},
      {"[Term]\nname: x\n", "a.obo:1: the term has no id"},
      {"\n[Term]\nid: A:1\n" + term, "a.obo:2: the term A:1 has no name"},
      {"[Term]\nid: A:1\nname:  \n", "a.obo:3: the name is empty"},
      {"[Term]\nid: A:1\nname: \xC3\x28\n", "a.obo:3: byte 7 is not UTF-8"},
      {"x: " + std::string(2'000'000, 'x'), "a.obo:1: is longer than"},
  };
  for (const auto& [text, why] : cases)
    EXPECT_TRUE(complaint(text).starts_with(why)) << complaint(text);
}

}  // namespace
}  // namespace nelumbo
