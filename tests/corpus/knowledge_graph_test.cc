// SPDX-License-Identifier: Apache-2.0
#include "corpus/knowledge_graph.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

/// A graph of `nodes` numbered entities.
KnowledgeGraph numbered(int nodes, std::vector<Triple> triples) {
  Relations relations;
  for (int i = 0; i < nodes; ++i)
    relations.entities.push_back({std::to_string(i), "n" + std::to_string(i), {}, {}});
  relations.triples = std::move(triples);
  return KnowledgeGraph(std::move(relations));
}

TEST(KnowledgeGraph, HasEachFactInBothDirections) {
  const KnowledgeGraph graph(small_relations());
  const int32_t disease = *graph.find("D:11"), gene = *graph.find("gene:AAA1");
  ASSERT_EQ(graph.edges(disease, {Relation::kGene, false}).size(), 1U);
  EXPECT_EQ(graph.edges(disease, {Relation::kGene, false})[0].to, gene);
  ASSERT_EQ(graph.edges(gene, {Relation::kGene, true}).size(), 1U);
  EXPECT_EQ(graph.edges(gene, {Relation::kGene, true})[0].to, disease);
  EXPECT_TRUE(graph.edges(gene, {Relation::kGene, false}).empty());
  EXPECT_EQ(graph.edges(gene, {Relation::kBand, false}).size(), 1U);
  EXPECT_EQ(graph.edges(gene).size(), 2U);
  EXPECT_FALSE(graph.find("gene:NONE"));
}

TEST(KnowledgeGraph, MeasuresDistancesUpToABound) {
  const KnowledgeGraph graph(small_relations());
  const int32_t from = *graph.find("D:11"), to = *graph.find("D:21");
  EXPECT_EQ(graph.distance(from, from, 0), 0);
  EXPECT_EQ(graph.distance(from, to, 4), 4);
  EXPECT_FALSE(graph.distance(from, to, 3));
}

TEST(KnowledgeGraph, SearchesAgainInTheSameMemory) {
  const KnowledgeGraph graph = numbered(4, {{0, Relation::kIsA, 1}, {1, Relation::kIsA, 2}});
  Distances found;
  graph.search(0, 5, &found);
  EXPECT_EQ(found.hops, (std::vector<int16_t>{0, 1, 2, Distances::kFar}));
  graph.search(2, 1, &found);
  EXPECT_EQ(found.hops, (std::vector<int16_t>{Distances::kFar, 1, 0, Distances::kFar}));
  EXPECT_EQ(found.visited, (std::vector<int32_t>{2, 1}));
}

TEST(KnowledgeGraph, DistancesEqualThoseOfFloydAndWarshall) {
  constexpr int kNodes = 30;
  Random random(5, Purpose::kControl);
  std::vector<Triple> triples;
  std::vector<std::vector<int>> far(kNodes, std::vector<int>(kNodes, 99));
  for (int i = 0; i < 36; ++i) {
    const auto a = static_cast<int32_t>(random.below(kNodes));
    const auto b = static_cast<int32_t>(random.below(kNodes));
    triples.push_back({a, Relation::kIsA, b});
    far[static_cast<size_t>(a)][static_cast<size_t>(b)] = 1;
    far[static_cast<size_t>(b)][static_cast<size_t>(a)] = 1;
  }
  for (size_t i = 0; i < kNodes; ++i)
    far[i][i] = 0;
  for (size_t k = 0; k < kNodes; ++k)
    for (size_t i = 0; i < kNodes; ++i)
      for (size_t j = 0; j < kNodes; ++j)
        far[i][j] = std::min(far[i][j], far[i][k] + far[k][j]);
  const KnowledgeGraph graph = numbered(kNodes, triples);
  for (int32_t i = 0; i < kNodes; ++i)
    for (int32_t j = 0; j < kNodes; ++j)
      EXPECT_EQ(graph.distance(i, j, 50).value_or(99),
                far[static_cast<size_t>(i)][static_cast<size_t>(j)]);
}

}  // namespace
}  // namespace nelumbo
