// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "corpus/multi_hop_audit.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

std::vector<MultiHopItem> small_items(const MultiHopPlan& plan) {
  const KnowledgeGraph graph(small_relations());
  return make_multi_hop(graph, weights_by_scarcity(graph), plan);
}

const Relations& shipped() {
  static const Relations kRelations = [] {
    const std::string data = std::string(NELUMBO_SOURCE_DIR) + "/data";
    const auto terms = read_obo(data + "/disease-ontology/DO_rare_slim.obo");
    const auto headings = read_mesh(data + "/mesh");
    return extract_relations(terms.value(), headings.value());
  }();
  return kRelations;
}

TEST(MultiHop, FindsItemsThatPassTheAudit) {
  const auto items = small_items({.count = 30, .seed = 2, .most_hops = 5, .choices = 3});
  ASSERT_GT(items.size(), 5U);
  const MultiHopAudit audit = audit_multi_hop(small_relations(), items);
  EXPECT_TRUE(audit.ok()) << audit.complaints.front();
}

TEST(MultiHop, MakesLongItemsOfTheShippedData) {
  const KnowledgeGraph graph(shipped());
  const auto items = make_multi_hop(graph, weights_by_scarcity(graph), {.count = 200, .seed = 7});
  ASSERT_EQ(items.size(), 200U);
  const MultiHopAudit audit = audit_multi_hop(shipped(), items);
  EXPECT_TRUE(audit.ok()) << audit.complaints.front();
  const auto long_ones = std::count_if(items.begin(), items.end(),
                                       [](const auto& item) { return item.hidden_hops() >= 5; });
  EXPECT_GE(long_ones, 60);
}

TEST(MultiHop, WithoutForksEachHiddenHopHasOneEnd) {
  const KnowledgeGraph graph(shipped());
  const auto items = make_multi_hop(graph, weights_by_scarcity(graph),
                                    {.count = 100, .seed = 7, .most_hops = 4, .forks = false});
  ASSERT_EQ(items.size(), 100U);
  EXPECT_TRUE(audit_multi_hop(shipped(), items).ok());
  for (const MultiHopItem& item : items)
    for (size_t i = 0; i < item.hops.size(); ++i) {
      const auto ends = graph.edges(*graph.find(item.path[i].id), item.hops[i]).size();
      EXPECT_EQ(item.path[i + 1].shown, ends > 1) << item.question;
    }
}

TEST(MultiHop, OfOneHopAreFactsWithOneEnd) {
  const auto facts =
      small_items({.count = 30, .least_hops = 1, .most_hops = 1, .choices = 3, .forks = false});
  ASSERT_FALSE(facts.empty());
  EXPECT_TRUE(audit_multi_hop(small_relations(), facts).ok());
  for (const MultiHopItem& fact : facts) {
    EXPECT_EQ(fact.hops.size(), 1U);
    EXPECT_TRUE(fact.id.starts_with("fact/")) << fact.id;
  }
}

TEST(MultiHop, DependsOnTheSeedAlone) {
  const MultiHopPlan plan{.count = 10, .seed = 2, .choices = 3};
  EXPECT_EQ(small_items(plan), small_items(plan));
  MultiHopPlan other = plan;
  other.seed = 3;
  EXPECT_NE(small_items(plan), small_items(other));
}

TEST(MultiHop, StartsAtWeakEntitiesFirst) {
  const KnowledgeGraph graph(shipped());
  std::vector<double> weights = weights_by_scarcity(graph);
  // A hundred diseases a million times as weak as the others.
  int chosen = 0;
  for (int32_t node = 0; node < graph.nodes() && chosen < 100; ++node)
    if (weights[static_cast<size_t>(node)] > 0) {
      weights[static_cast<size_t>(node)] *= 1e6;
      ++chosen;
    }
  const auto items = make_multi_hop(graph, weights, {.count = 40});
  const auto weak = std::count_if(items.begin(), items.end(), [&](const MultiHopItem& item) {
    return weights[static_cast<size_t>(*graph.find(item.path.front().id))] > 10;
  });
  EXPECT_EQ(weak, 40);
}

TEST(MultiHop, NeverStartsWhereTheWeightIsZero) {
  const KnowledgeGraph graph(small_relations());
  std::vector<double> weights(static_cast<size_t>(graph.nodes()), 0);
  weights[static_cast<size_t>(*graph.find("D:11"))] = 1;
  for (const MultiHopItem& item : make_multi_hop(graph, weights, {.count = 20, .choices = 2}))
    EXPECT_EQ(item.path.front().id, "D:11");
}

TEST(MultiHop, DifficultyCountsHiddenHops) {
  MultiHopItem item = small_item();
  EXPECT_EQ(item.hidden_hops(), 4);
  EXPECT_EQ(item.difficulty(), 2);
  item.path[2].shown = true;
  EXPECT_EQ(item.hidden_hops(), 2);
  EXPECT_EQ(item.difficulty(), 1);
  EXPECT_EQ(item.answer(), "early betosis");
}

TEST(MultiHop, ScarceEntitiesWeighMore) {
  const KnowledgeGraph graph(small_relations());
  const std::vector<double> weights = weights_by_scarcity(graph);
  const auto weight = [&](const char* id) { return weights[static_cast<size_t>(*graph.find(id))]; };
  EXPECT_EQ(weight("D:1"), 0);  // only the hierarchy knows it
  EXPECT_GT(weight("D:32"), weight("D:21"));
}

}  // namespace
}  // namespace nelumbo
