// SPDX-License-Identifier: Apache-2.0
#include "corpus/knowledge_world.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "corpus/reasoning_chain.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

std::vector<double> ones(const Relations& relations) {
  std::vector<double> weights(relations.entities.size(), 1);
  return weights;
}

TEST(KnowledgeWorld, HasTheFactsBetweenItsEntities) {
  const Relations all = small_relations();
  const Relations world = choose_world(all, ones(all), {.entities = 6, .seed = 3});
  ASSERT_EQ(world.entities.size(), 6U);
  EXPECT_GE(world.triples.size(), 5U) << "what grows from one entity hangs together";
  std::set<std::string> chosen;
  for (const Entity& entity : world.entities)
    chosen.insert(entity.id);
  const auto between = std::count_if(all.triples.begin(), all.triples.end(), [&](const Triple& t) {
    return chosen.contains(all.entities[static_cast<size_t>(t.subject)].id) &&
           chosen.contains(all.entities[static_cast<size_t>(t.object)].id);
  });
  EXPECT_EQ(std::ssize(world.triples), between);
}

TEST(KnowledgeWorld, WithoutForksPrefersFactsThatAreTheOnlyOnesOfTheirKind) {
  // Two diseases share two symptoms; the gene of one has a band. Only gene and band do not fork.
  Relations all{};
  for (const char* name : {"D", "E", "S1", "S2", "GENE", "1q1"})
    all.entities.push_back({name, name, {}, NodeSort::kDisease});
  all.triples = {{0, Relation::kGene, 4},    {0, Relation::kSymptom, 2}, {0, Relation::kSymptom, 3},
                 {1, Relation::kSymptom, 2}, {1, Relation::kSymptom, 3}, {4, Relation::kBand, 5}};
  std::vector<double> weights(all.entities.size(), 1e-9);
  weights[0] = 1;
  const Relations world = choose_world(all, weights, {.entities = 3, .forks = false, .seed = 3});
  std::set<std::string> names;
  for (const Entity& entity : world.entities)
    names.insert(entity.name);
  EXPECT_EQ(names, (std::set<std::string>{"D", "GENE", "1q1"}));
}

TEST(KnowledgeWorld, LeavesLongNamesOut) {
  const Relations all = small_relations();
  const Relations world =
      choose_world(all, ones(all), {.entities = 100, .longest_name = 12, .seed = 3});
  for (const Entity& entity : world.entities)
    EXPECT_LE(entity.name.size(), 12U) << entity.name;
  EXPECT_LT(world.entities.size(), all.entities.size());
}

TEST(KnowledgeWorld, BeginsAtTheWeakest) {
  const Relations all = small_relations();
  std::vector<double> weights(all.entities.size(), 1e-9);
  const auto weak = std::find_if(all.entities.begin(), all.entities.end(),
                                 [](const Entity& entity) { return entity.name == "CCC1"; });
  ASSERT_NE(weak, all.entities.end());
  weights[static_cast<size_t>(weak - all.entities.begin())] = 1;
  const Relations world = choose_world(all, weights, {.entities = 1, .seed = 3});
  ASSERT_EQ(world.entities.size(), 1U);
  EXPECT_EQ(world.entities[0].name, "CCC1");
}

TEST(KnowledgeWorld, TellsEachFactFromBothSides) {
  const std::vector<Document> documents = fact_documents(small_relations(), 2);
  std::multiset<std::string> lines;
  for (const Document& document : documents) {
    size_t from = 0;
    int64_t here = 0;
    while (from <= document.text.size()) {
      const size_t end = std::min(document.text.find('\n', from), document.text.size());
      const std::string line = document.text.substr(from, end - from);
      EXPECT_TRUE(read_edge(line)) << line;
      lines.insert(line);
      from = end + 1;
      ++here;
    }
    EXPECT_LE(here, 2) << document.text;
  }
  EXPECT_EQ(lines.size(), 2 * small_relations().triples.size());
  EXPECT_EQ(lines.count(" AAA1 | band | 1p11"), 1U);
  EXPECT_EQ(lines.count(" 1p11 | band of | AAA1"), 1U);
}

}  // namespace
}  // namespace nelumbo
