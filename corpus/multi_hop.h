// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "corpus/knowledge_graph.h"

namespace nelumbo {

/// A node of a gold path.
struct PathStop {
  std::string id;
  std::string name;
  bool shown = false;  ///< the question names it; the start always, the answer never

  bool operator==(const PathStop&) const = default;
};

/// A question whose answer is some hops away, with the one path that leads there.
///
/// Example: path = achromatopsia 3 (shown), CNGB3, 8q21, ...; hops = gene, band, ...; question =
/// "Start at achromatopsia 3. Take its gene, then its band, then another gene in that band. What is
/// it?"
struct MultiHopItem {
  std::string id;  ///< unique for one seed: "multihop/7/DOID:110007/0"; of one hop: "fact/..."
  std::vector<PathStop> path;
  std::vector<Hop> hops;             ///< one less than stops
  std::string question;              ///< without the choices
  std::vector<std::string> choices;  ///< names of one sort; the answer is one of them

  const std::string& answer() const { return path.back().name; }
  /// Hops behind the last stop that the question names: what has to be found out.
  int hidden_hops() const;
  /// 1, 2 or 3 from 2, 4 or 6 hidden hops on.
  int difficulty() const;

  bool operator==(const MultiHopItem&) const = default;
};

/// What to make.
struct MultiHopPlan {
  int64_t count = 1000;
  uint64_t seed = 1;
  int least_hops = 2;  ///< 1: questions about a single fact, too
  int most_hops = 7;
  int choices = 4;
  bool forks = true;  ///< hidden hops may have several ends, of which only one fits what follows
};

/// Questions over a graph, at most `plan.count`: fewer when no more can be found.
///
///   path    a random shortest path: with all edges, in both directions, no way from start to
///           answer is shorter
///   hops    of h, at least ceil(h / 2) are neither is_a nor same_as, and so for the hidden ones
///   masks   as many stops as can be are hidden; one is named only where otherwise two paths would
///           fit, and never the last before the answer; without `plan.forks` each stop is named
///           that its hop leaves open, and the last two hops leave nothing open
///   unique  of all paths without a repeated node, exactly one fits what the question says
///   lengths the hidden hops are even over least_hops..most_hops as far as the graph allows
///   leaks   the text names neither the answer nor a hidden stop, by name or synonym, nor more than
///           half of the answer's words; and no earlier stop has the answer in its name
///
/// Starts are visited weak entities first: node i in the order of log(u_i) / weights[i], u uniform
/// in (0, 1) (sampling without replacement, Efraimidis and Spirakis 2006), one item each until all
/// had their turn. `weights` has one number >= 0 for each node; 0 is never a start. What is made
/// from a start depends on (seed, node, turn, length) alone.
std::vector<MultiHopItem> make_multi_hop(const KnowledgeGraph& graph,
                                         std::span<const double> weights, const MultiHopPlan& plan);

/// Weights where no coverage has been measured: 1 / (1 + edges), and 0 for a node that nothing but
/// the hierarchy says something about.
std::vector<double> weights_by_scarcity(const KnowledgeGraph& graph);

}  // namespace nelumbo
