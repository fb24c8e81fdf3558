// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_tagger.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace nelumbo {
namespace {

EntityTree small_tree() {
  EntitySources sources;
  sources.mesh = {{"D1", "Fevers", {"C23"}, 2},
                  {"D2", "Anemia, Sickle Cell", {"C15"}, 3},
                  {"D3", "Ear", {"A09"}, 4}};
  OboTerm term;
  term.id = "A:1";
  term.name = "sickle cell disease";
  term.xrefs = {"MESH:D2"};
  sources.terms = {term};
  Result<EntityTree> tree = EntityTree::build(sources);
  NELUMBO_CHECK(tree.ok()) << tree.error().message;
  return std::move(tree.value());
}

TEST(EntityTagger, CountsEntitiesUnderAllTheirNames) {
  const EntityTree tree = small_tree();
  const EntityTagger tagger(tree);
  const auto counts =
      tagger.tag("Sickle cell anemia, or sickle cell disease, brings fever and fevers; early.");
  EXPECT_EQ(counts, (std::vector<EntityCount>{{*tree.find("D1"), 2}, {*tree.find("D2"), 2}}));
}

TEST(EntityTagger, FindsNoEntityInAnEmptyText) {
  EXPECT_TRUE(EntityTagger(small_tree()).tag("").empty());
}

TEST(TaggedCorpus, AddsUpWhatItsDocumentsName) {
  const EntityTree tree = small_tree();
  const std::vector<Document> documents{
      {"a", "s", "Fever, fever.", {}}, {"b", "s", "Fever.", {}}, {"c", "s", "Nothing.", {}}};
  const TaggedCorpus tagged = tag_corpus(EntityTagger(tree), documents, std::ssize(tree.nodes()));
  const auto fever = static_cast<size_t>(*tree.find("D1"));
  EXPECT_EQ(tagged.mentions[fever], 3);
  EXPECT_EQ(tagged.naming[fever], 2);
  EXPECT_EQ(tagged.hits, 3);
  EXPECT_EQ(tagged.bytes, 13 + 6 + 8);
  EXPECT_EQ(tagged.nodes_named(2, 5), 1);
  EXPECT_EQ(tagged.nodes_named(1, 1), 0);
  EXPECT_TRUE(tagged.documents[2].empty());
}

}  // namespace
}  // namespace nelumbo
