// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "corpus/multi_hop_turns.h"
#include "corpus/name_index.h"
#include "corpus/question_text.h"

namespace nelumbo {
namespace {

constexpr int kWalkTries = 40, kStrangerTries = 400, kMostLength = 32;
/// Partial paths that are looked at before a question counts as ambiguous.
constexpr int64_t kMostPartial = 20000;
/// At most one in so many items has the same answer.
constexpr int64_t kAnswerShare = 200, kLeastOfAnAnswer = 3;
/// How often one kind of hop is preferred that says more than the hierarchy does.
constexpr double kTellingShare = 0.75;

struct Walk {
  std::vector<int32_t> nodes;
  std::vector<Hop> hops;
  std::vector<bool> shown;  ///< by node
};

/// Whether at least half of the last `count` hops say more than the hierarchy does.
bool is_telling_enough(const std::vector<Hop>& hops, size_t count) {
  const auto telling = std::count_if(hops.end() - static_cast<std::ptrdiff_t>(count), hops.end(),
                                     [](Hop hop) { return is_telling(hop.relation); });
  return 2 * telling >= static_cast<int64_t>(count);
}

/// Which vocabulary an id belongs to: its names look alike.
std::string_view vocabulary_of(const Entity& entity) {
  return std::string_view(entity.id).substr(0, entity.id.find(':'));
}

/// Counts paths that fit a walk's hops and shown nodes and repeat no node, up to two.
class PathCounter {
 public:
  PathCounter(const KnowledgeGraph& graph, const Walk& walk) : graph_(graph), walk_(walk) {}

  bool is_unique() {
    path_ = {walk_.nodes.front()};
    extend();
    return found_ == 1 && partial_ < kMostPartial;
  }

 private:
  void extend() {
    const size_t depth = path_.size() - 1;
    if (depth == walk_.hops.size()) {
      ++found_;
      return;
    }
    for (const Edge& edge : graph_.edges(path_.back(), walk_.hops[depth])) {
      if (found_ > 1 || ++partial_ >= kMostPartial)
        return;
      if (walk_.shown[depth + 1] && edge.to != walk_.nodes[depth + 1])
        continue;
      if (std::find(path_.begin(), path_.end(), edge.to) != path_.end())
        continue;
      path_.push_back(edge.to);
      extend();
      path_.pop_back();
    }
  }

  const KnowledgeGraph& graph_;
  const Walk& walk_;
  std::vector<int32_t> path_;
  int found_ = 0;
  int64_t partial_ = 0;
};

class Maker {
 public:
  Maker(const KnowledgeGraph& graph, const MultiHopPlan& plan) : graph_(graph), plan_(plan) {
    for (int32_t node = 0; node < graph.nodes(); ++node)
      if (!graph.edges(node).empty())
        alike_[sort_of(node)].push_back(node);
  }

  /// An item of `hops` that starts at `start`, if its `turn` finds one: the first whose stops can
  /// all be hidden, else the one with most hidden hops.
  std::optional<MultiHopItem> make(int32_t start, int turn, int hops) {
    Random random(plan_.seed, Purpose::kPrompt, static_cast<uint64_t>(start),
                  static_cast<uint32_t>(turn * kMostLength + hops));
    graph_.search(start, hops, &distances_);
    std::optional<MultiHopItem> best;
    for (int tries = 0; tries < kWalkTries && (!best || best->hidden_hops() < hops); ++tries) {
      std::optional<MultiHopItem> item = attempt(start, hops, random);
      if (item && (!best || item->hidden_hops() > best->hidden_hops()))
        best = std::move(item);
    }
    if (best)
      best->id = (hops == 1 ? "fact/" : "multihop/") + std::to_string(plan_.seed) + "/" +
                 best->path.front().id + "/" + std::to_string(turn);
    return best;
  }

 private:
  using Sort = std::pair<NodeSort, std::string_view>;

  Sort sort_of(int32_t node) const {
    const Entity& entity = graph_.entity(node);
    return {entity.sort, vocabulary_of(entity)};
  }

  std::optional<MultiHopItem> attempt(int32_t start, int hops, Random& random) const {
    std::optional<Walk> walk = random_walk(start, hops, random);
    if (!walk || !is_telling_enough(walk->hops, walk->hops.size()) || !mask(&*walk))
      return std::nullopt;
    MultiHopItem item = item_of(*walk);
    if (!is_telling_enough(walk->hops, static_cast<size_t>(item.hidden_hops())) ||
        leaks(*walk, item.question) || !choose(*walk, random, &item))
      return std::nullopt;
    return item;
  }

  /// Each hop leads one further from the start, so that the walk is a shortest path.
  std::optional<Walk> random_walk(int32_t start, int hops, Random& random) const {
    Walk walk{{start}, {}, {}};
    for (int depth = 0; depth < hops; ++depth) {
      const std::optional<Edge> edge = random_edge(walk.nodes.back(), depth + 1, random);
      if (!edge)
        return std::nullopt;
      walk.nodes.push_back(edge->to);
      walk.hops.push_back(edge->hop);
    }
    return walk;
  }

  /// The hop is drawn first and the node then, so that a hub's edges do not drown the others.
  std::optional<Edge> random_edge(int32_t node, int distance, Random& random) const {
    std::vector<std::vector<Edge>> telling, other;
    std::optional<Hop> last;
    for (const Edge& edge : graph_.edges(node)) {
      if (distances_.hops[static_cast<size_t>(edge.to)] != distance)
        continue;
      auto& side = is_telling(edge.hop.relation) ? telling : other;
      if (last != edge.hop)
        side.emplace_back();
      last = edge.hop;
      side.back().push_back(edge);
    }
    const bool tell = !telling.empty() && (other.empty() || random.uniform() < kTellingShare);
    const auto& side = tell ? telling : other;
    if (side.empty())
      return std::nullopt;
    const auto& edges = side[static_cast<size_t>(random.below(std::ssize(side)))];
    return edges[static_cast<size_t>(random.below(std::ssize(edges)))];
  }

  /// Shows the stops whose hop has several ends. False when one of the last two has.
  bool show_forks(Walk* walk) const {
    const size_t end = walk->nodes.size();
    for (size_t i = 1; i < end; ++i)
      walk->shown[i] = graph_.edges(walk->nodes[i - 1], walk->hops[i - 1]).size() > 1;
    return !(end > 2 && walk->shown[end - 2]) && !walk->shown.back();
  }

  /// Hides all stops; then shows one after the other, the first ones first, until one path is left.
  bool mask(Walk* walk) const {
    walk->shown.assign(walk->nodes.size(), false);
    walk->shown[0] = true;
    if (!plan_.forks && !show_forks(walk))
      return false;
    for (size_t next = 1;; ++next) {
      if (PathCounter(graph_, *walk).is_unique())
        return true;
      if (next + 2 >= walk->nodes.size())
        return false;
      walk->shown[next] = true;
    }
  }

  MultiHopItem item_of(const Walk& walk) const {
    MultiHopItem item;
    std::vector<std::string> names;
    for (size_t i = 0; i < walk.nodes.size(); ++i) {
      const Entity& entity = graph_.entity(walk.nodes[i]);
      item.path.push_back({entity.id, entity.name, walk.shown[i]});
      names.push_back(walk.shown[i] ? entity.name : "");
    }
    names.pop_back();
    item.hops = walk.hops;
    item.question = question_text(names, walk.hops);
    return item;
  }

  bool leaks(const Walk& walk, const std::string& question) const {
    const std::string& answer = graph_.entity(walk.nodes.back()).name;
    if (is_half_named(question, answer))
      return true;
    for (size_t i = 0; i < walk.nodes.size(); ++i) {
      const Entity& entity = graph_.entity(walk.nodes[i]);
      const auto is_said = [&](const std::string& name) { return is_named(question, name); };
      const bool is_last = i + 1 == walk.nodes.size();
      if (!is_last && is_named(entity.name, answer))
        return true;
      if (!walk.shown[i] && (is_said(entity.name) ||
                             std::any_of(entity.synonyms.begin(), entity.synonyms.end(), is_said)))
        return true;
    }
    return false;
  }

  /// Entities of the answer's sort that share a neighbour with it: parents with `hierarchy`, else
  /// any other.
  std::vector<int32_t> siblings(int32_t answer, bool hierarchy) const {
    std::set<int32_t> found;
    for (const Edge& up : graph_.edges(answer)) {
      if ((up.hop == Hop{Relation::kIsA, false}) != hierarchy)
        continue;
      for (const Edge& down : graph_.edges(up.to, {up.hop.relation, !up.hop.inverse}))
        if (sort_of(down.to) == sort_of(answer))
          found.insert(down.to);
    }
    return {found.begin(), found.end()};
  }

  /// Fills the choices: siblings of the answer, its kin by other relations, others of its sort.
  bool choose(const Walk& walk, Random& random, MultiHopItem* item) const {
    std::set<std::string> taken;
    for (const PathStop& stop : item->path)
      taken.insert(name_key(stop.name));
    item->choices = {item->answer()};
    const auto is_full = [&] { return std::ssize(item->choices) >= plan_.choices; };
    const auto offer = [&](int32_t node) {
      const std::string& name = graph_.entity(node).name;
      if (!is_named(item->question, name) && taken.insert(name_key(name)).second)
        item->choices.push_back(name);
    };
    for (const bool hierarchy : {true, false}) {
      std::vector<int32_t> near = siblings(walk.nodes.back(), hierarchy);
      for (; !near.empty() && !is_full(); near.pop_back()) {
        std::swap(near[static_cast<size_t>(random.below(std::ssize(near)))], near.back());
        offer(near.back());
      }
    }
    const std::vector<int32_t>& alike = alike_.at(sort_of(walk.nodes.back()));
    for (int tries = 0; tries < kStrangerTries && !is_full(); ++tries)
      offer(alike[static_cast<size_t>(random.below(std::ssize(alike)))]);
    const auto place = static_cast<size_t>(random.below(std::ssize(item->choices)));
    std::swap(item->choices[0], item->choices[place]);
    return is_full();
  }

  const KnowledgeGraph& graph_;
  const MultiHopPlan& plan_;
  std::map<Sort, std::vector<int32_t>> alike_;
  Distances distances_;
};

/// The items so far, even in their lengths.
class Ledger {
 public:
  explicit Ledger(const MultiHopPlan& plan) : plan_(plan) {
    for (int hops = plan.least_hops; hops <= plan.most_hops; ++hops)
      by_hidden_[hops] = 0;
  }

  bool is_full() const { return std::ssize(items_) >= plan_.count; }

  /// All lengths, the one of which there are fewest first.
  std::vector<int> lengths() const {
    std::vector<int> hops;
    for (const auto& [length, count] : by_hidden_)
      if (length >= plan_.least_hops)
        hops.push_back(length);
    std::stable_sort(hops.begin(), hops.end(),
                     [&](int a, int b) { return by_hidden_.at(a) < by_hidden_.at(b); });
    return hops;
  }

  /// Leaves out what was asked before, and an answer that is met too often.
  void add(MultiHopItem item) {
    const int64_t most = std::max(kLeastOfAnAnswer, plan_.count / kAnswerShare);
    if (by_answer_[item.path.back().id] >= most || !asked_.insert(item.question).second)
      return;
    ++by_answer_[item.path.back().id];
    ++by_hidden_[item.hidden_hops()];
    items_.push_back(std::move(item));
  }

  std::vector<MultiHopItem> take() { return std::move(items_); }

 private:
  const MultiHopPlan& plan_;
  std::vector<MultiHopItem> items_;
  std::map<int, int64_t> by_hidden_;
  std::map<std::string, int64_t> by_answer_;
  std::set<std::string> asked_;
};

/// Nodes in a weighted random order, heavy ones first.
std::vector<int32_t> weak_first(std::span<const double> weights, uint64_t seed) {
  Random random(seed, Purpose::kData);
  std::vector<std::pair<double, int32_t>> keyed;
  for (size_t i = 0; i < weights.size(); ++i) {
    const double key = std::log(1 - random.uniform());
    if (weights[i] > 0)
      keyed.emplace_back(-key / weights[i], static_cast<int32_t>(i));
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<int32_t> order;
  order.reserve(keyed.size());
  for (const auto& [key, node] : keyed)
    order.push_back(node);
  return order;
}

}  // namespace

int MultiHopItem::hidden_hops() const {
  size_t last = 0;
  for (size_t i = 0; i < path.size(); ++i)
    if (path[i].shown)
      last = i;
  return static_cast<int>(path.size() - 1 - last);
}

int MultiHopItem::difficulty() const {
  return std::min(3, hidden_hops() / 2);
}

std::vector<MultiHopItem> make_multi_hop(const KnowledgeGraph& graph,
                                         std::span<const double> weights,
                                         const MultiHopPlan& plan) {
  NELUMBO_CHECK(std::ssize(weights) == graph.nodes()) << weights.size() << " weights";
  NELUMBO_CHECK(plan.least_hops >= 1 && plan.most_hops >= plan.least_hops &&
                plan.most_hops < kMostLength)
      << plan.least_hops << " to " << plan.most_hops << " hops";
  NELUMBO_CHECK(plan.choices >= 2) << plan.choices << " choices";
  Maker maker(graph, plan);
  Ledger ledger(plan);
  const std::vector<int32_t> order = weak_first(weights, plan.seed);
  for (int turn = 0; turn < kMultiHopTurns; ++turn)
    for (const int32_t start : order) {
      if (ledger.is_full())
        return ledger.take();
      for (const int hops : ledger.lengths())
        if (std::optional<MultiHopItem> item = maker.make(start, turn, hops)) {
          ledger.add(std::move(*item));
          break;
        }
    }
  return ledger.take();
}

std::vector<double> weights_by_scarcity(const KnowledgeGraph& graph) {
  std::vector<double> weights;
  for (int32_t node = 0; node < graph.nodes(); ++node) {
    const std::span<const Edge> edges = graph.edges(node);
    const bool told = std::any_of(edges.begin(), edges.end(),
                                  [](const Edge& edge) { return is_telling(edge.hop.relation); });
    weights.push_back(told ? 1.0 / static_cast<double>(1 + edges.size()) : 0);
  }
  return weights;
}

}  // namespace nelumbo
