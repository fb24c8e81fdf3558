// SPDX-License-Identifier: Apache-2.0
#include "corpus/knowledge_world.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "corpus/knowledge_graph.h"
#include "corpus/reasoning_chain.h"

namespace nelumbo {
namespace {

constexpr const char* kSource = "knowledge";
/// Other draws of Purpose::kData have other numbers.
constexpr uint32_t kGrowthStream = 0x576F72, kStartStream = 0x537461;

/// Grows the set of chosen entities.
class Growth {
 public:
  Growth(const KnowledgeGraph& graph, const WorldPlan& plan)
      : graph_(graph),
        plan_(plan),
        chosen_(static_cast<size_t>(graph.nodes())),
        ties_(static_cast<size_t>(graph.nodes())) {}

  bool full() const { return count_ >= plan_.entities; }
  const std::vector<bool>& chosen() const { return chosen_; }

  /// Takes `start` and then, again and again, what has the most facts in common with what is there.
  void from(int32_t start) {
    if (!fits(start))
      return;
    take(start);
    while (!full() && !near_.empty()) {
      const int32_t next = near_.rbegin()->second;
      near_.erase(std::prev(near_.end()));
      take(next);
    }
  }

 private:
  using Rank = std::pair<int64_t, uint32_t>;  ///< facts in common, then a random number

  bool fits(int32_t node) const {
    return !chosen_[static_cast<size_t>(node)] &&
           std::ssize(graph_.entity(node).name) <= plan_.longest_name;
  }

  bool counts(int32_t node, Hop hop) const {
    return is_telling(hop.relation) && (plan_.forks || graph_.edges(node, hop).size() == 1);
  }

  Rank rank(int32_t node) const {
    const uint32_t tie =
        Random(plan_.seed, Purpose::kData, static_cast<uint64_t>(node), kGrowthStream).bits();
    return {ties_[static_cast<size_t>(node)], tie};
  }

  void take(int32_t node) {
    chosen_[static_cast<size_t>(node)] = true;
    ++count_;
    for (const Edge& edge : graph_.edges(node)) {
      if (!fits(edge.to))
        continue;
      near_.erase({rank(edge.to), edge.to});
      ties_[static_cast<size_t>(edge.to)] += counts(node, edge.hop) ? 1 : 0;
      near_.insert({rank(edge.to), edge.to});
    }
  }

  const KnowledgeGraph& graph_;
  const WorldPlan& plan_;
  std::vector<bool> chosen_;
  std::vector<int64_t> ties_;  ///< facts in common with what is chosen
  std::set<std::pair<Rank, int32_t>> near_;
  int64_t count_ = 0;
};

/// Nodes of which something is told, weak ones first: in the order of log(u) / weight.
std::vector<int32_t> starts(const KnowledgeGraph& graph, std::span<const double> weights,
                            uint64_t seed) {
  std::vector<std::pair<double, int32_t>> order;
  for (int32_t node = 0; node < graph.nodes(); ++node) {
    const auto edges = graph.edges(node);
    const bool told = std::any_of(edges.begin(), edges.end(),
                                  [](const Edge& edge) { return is_telling(edge.hop.relation); });
    const double weight = weights[static_cast<size_t>(node)];
    const double u =
        Random(seed, Purpose::kData, static_cast<uint64_t>(node), kStartStream).uniform();
    if (told && weight > 0)
      order.emplace_back(-std::log(std::max(u, 1e-300)) / weight, node);
  }
  std::sort(order.begin(), order.end());
  std::vector<int32_t> nodes;
  nodes.reserve(order.size());
  for (const auto& [key, node] : order)
    nodes.push_back(node);
  return nodes;
}

Relations induced(const Relations& relations, const std::vector<bool>& chosen) {
  Relations world{};
  std::vector<int32_t> number(chosen.size(), -1);
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (!chosen[i])
      continue;
    number[i] = static_cast<int32_t>(world.entities.size());
    world.entities.push_back(relations.entities[i]);
  }
  for (const Triple& triple : relations.triples) {
    const int32_t subject = number[static_cast<size_t>(triple.subject)];
    const int32_t object = number[static_cast<size_t>(triple.object)];
    if (subject >= 0 && object >= 0)
      world.triples.push_back({subject, triple.relation, object});
  }
  return world;
}

}  // namespace

Relations choose_world(const Relations& relations, std::span<const double> weights,
                       const WorldPlan& plan) {
  NELUMBO_CHECK(weights.size() == relations.entities.size())
      << weights.size() << " weights for " << relations.entities.size() << " entities";
  const KnowledgeGraph graph(relations);
  Growth growth(graph, plan);
  for (const int32_t start : starts(graph, weights, plan.seed)) {
    if (growth.full())
      break;
    growth.from(start);
  }
  return induced(relations, growth.chosen());
}

std::vector<Document> fact_documents(const Relations& world, int64_t lines) {
  NELUMBO_CHECK(lines > 0) << lines << " lines to a document";
  const KnowledgeGraph graph(world);
  std::vector<Document> documents;
  for (int32_t node = 0; node < graph.nodes(); ++node) {
    const Entity& entity = graph.entity(node);
    const auto edges = graph.edges(node);
    for (size_t from = 0; from < edges.size(); from += static_cast<size_t>(lines)) {
      std::string text;
      for (const Edge& edge :
           edges.subspan(from, std::min(edges.size() - from, static_cast<size_t>(lines))))
        text += (text.empty() ? " " : "\n ") +
                edge_line({entity.name, edge.hop, graph.entity(edge.to).name});
      const std::string part = std::to_string(from / static_cast<size_t>(lines));
      documents.push_back({entity.id + "/" + part, kSource, text, {kSource, node + 1}});
    }
  }
  return documents;
}

}  // namespace nelumbo
