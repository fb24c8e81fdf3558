// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "corpus/document.h"
#include "corpus/relations.h"

namespace nelumbo {

/// How much of the graph a small policy is to know.
struct WorldPlan {
  int64_t entities = 300;
  int64_t longest_name = 24;  ///< bytes; a long name costs tokens and says no more
  bool forks = true;          ///< facts count whose hop has several ends, too
  uint64_t seed = 1;
};

/// A connected part of a knowledge graph, as facts between its entities; the markers are left out.
/// It grows from a weak entity (`weights`, one for each entity, as for make_multi_hop()), each time
/// by the entity that has the most facts in common with what is there, so that many paths lead
/// through it (without `plan.forks`: facts that are the only ones of their kind about an entity);
/// when nothing more is near, from the next weak entity. What the hierarchy and the
/// cross-references say is no fact in that count. Fewer entities when the graph has no more.
Relations choose_world(const Relations& relations, std::span<const double> weights,
                       const WorldPlan& plan);

/// The facts as documents, one entity's in each, at most `lines` to a document, in the words of a
/// chain of thought: id "gene:CNGB3/0", source "knowledge",
///
///      CNGB3 | gene of | achromatopsia 3
///      CNGB3 | band | 8q21
std::vector<Document> fact_documents(const Relations& world, int64_t lines);

}  // namespace nelumbo
