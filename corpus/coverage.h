// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "corpus/entity_tree.h"

namespace nelumbo {

/// All names of one entity, the first the one it is called by. REQUIRES: one or more.
using EntityNames = std::vector<std::string>;

/// How alike two entities are: the most that two of their names are.
enum class Likeness {
  kExact,     ///< 1 where the folded names are equal, else 0
  kEmbedding  ///< the cosine of corpus/name_embedding.h: alike in spelling
};

/// What comes nearest to one entity.
struct Covered {
  double likeness = 0;
  int64_t nearest = -1;  ///< index of the entity of the reference; -1 where none is alike at all
};

/// How well one set of entities is found in another.
struct Coverage {
  std::vector<Covered> entities;  ///< in their order

  /// AMCS, the average maximal cosine similarity: (1 / |A|) Σ_a max_r cos(a, r); 0 for no entity.
  double amcs() const;
  /// The indices of the least covered, those first that are least alike; of equal ones the first.
  std::vector<int64_t> weakest(int64_t count) const;
};

/// How well `entities` are found in `reference`. Forward coverage is that of a benchmark in the
/// tree (high: the tree knows what is asked), backward that of the tree in the benchmark (low: the
/// tree has a long tail that is never asked).
Coverage cover(const std::vector<EntityNames>& entities, const std::vector<EntityNames>& reference,
               Likeness likeness);

/// The names of each node of a tree but its branches, in their order: entity k is node k + 16 where
/// there are 16 branches.
std::vector<EntityNames> entity_names(const EntityTree& tree);

}  // namespace nelumbo
