// SPDX-License-Identifier: Apache-2.0
#include "corpus/knowledge_graph.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace nelumbo {
namespace {

auto order_of(Hop hop) {
  return std::tuple(hop.relation, hop.inverse);
}

bool is_before(const Edge& a, const Edge& b) {
  return std::tuple_cat(order_of(a.hop), std::tuple(a.to)) <
         std::tuple_cat(order_of(b.hop), std::tuple(b.to));
}

}  // namespace

KnowledgeGraph::KnowledgeGraph(Relations relations) : entities_(std::move(relations.entities)) {
  first_.assign(entities_.size() + 1, 0);
  for (const Triple& triple : relations.triples) {
    ++first_[static_cast<size_t>(triple.subject) + 1];
    ++first_[static_cast<size_t>(triple.object) + 1];
  }
  for (size_t i = 1; i < first_.size(); ++i)
    first_[i] += first_[i - 1];
  edges_.resize(2 * relations.triples.size());
  std::vector<int64_t> next(first_.begin(), first_.end() - 1);
  const auto put = [&](int32_t from, Edge edge) {
    edges_[static_cast<size_t>(next[static_cast<size_t>(from)]++)] = edge;
  };
  for (const Triple& triple : relations.triples) {
    put(triple.subject, {{triple.relation, false}, triple.object});
    put(triple.object, {{triple.relation, true}, triple.subject});
  }
  for (size_t i = 0; i < entities_.size(); ++i)
    std::sort(edges_.begin() + first_[i], edges_.begin() + first_[i + 1], is_before);
  for (size_t i = 0; i < entities_.size(); ++i)
    by_id_.emplace(entities_[i].id, static_cast<int32_t>(i));
}

std::optional<int32_t> KnowledgeGraph::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end())
    return std::nullopt;
  return found->second;
}

std::span<const Edge> KnowledgeGraph::edges(int32_t node) const {
  const auto at = static_cast<size_t>(node);
  return {edges_.data() + first_[at], edges_.data() + first_[at + 1]};
}

std::span<const Edge> KnowledgeGraph::edges(int32_t node, Hop hop) const {
  const std::span<const Edge> all = edges(node);
  const auto low = std::lower_bound(all.begin(), all.end(), hop, [](const Edge& edge, Hop wanted) {
    return order_of(edge.hop) < order_of(wanted);
  });
  const auto high = std::upper_bound(low, all.end(), hop, [](Hop wanted, const Edge& edge) {
    return order_of(wanted) < order_of(edge.hop);
  });
  return {low, high};
}

void KnowledgeGraph::search(int32_t from, int bound, Distances* found) const {
  NELUMBO_CHECK(bound >= 0 && bound <= 100) << bound << " hops";
  if (found->hops.empty())
    found->hops.assign(entities_.size(), Distances::kFar);
  for (const int32_t node : found->visited)
    found->hops[static_cast<size_t>(node)] = Distances::kFar;
  found->visited.assign(1, from);
  found->hops[static_cast<size_t>(from)] = 0;
  for (size_t at = 0; at < found->visited.size(); ++at) {
    const int32_t node = found->visited[at];
    const int16_t hops = found->hops[static_cast<size_t>(node)];
    if (hops == bound)
      break;
    for (const Edge& edge : edges(node)) {
      int16_t& there = found->hops[static_cast<size_t>(edge.to)];
      if (there != Distances::kFar)
        continue;
      there = static_cast<int16_t>(hops + 1);
      found->visited.push_back(edge.to);
    }
  }
}

std::optional<int> KnowledgeGraph::distance(int32_t from, int32_t to, int bound) const {
  Distances found;
  search(from, bound, &found);
  const int hops = found.hops[static_cast<size_t>(to)];
  if (hops == Distances::kFar)
    return std::nullopt;
  return hops;
}

}  // namespace nelumbo
