// SPDX-License-Identifier: Apache-2.0
#include "corpus/coverage.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "corpus/fold.h"
#include "corpus/name_embedding.h"

namespace nelumbo {
namespace {

Coverage cover_exactly(const std::vector<EntityNames>& entities,
                       const std::vector<EntityNames>& reference) {
  std::unordered_map<std::string, int64_t> known;
  for (size_t i = 0; i < reference.size(); ++i)
    for (const std::string& name : reference[i])
      known.emplace(folded(name), static_cast<int64_t>(i));
  Coverage coverage;
  for (const EntityNames& names : entities) {
    Covered covered;
    for (const std::string& name : names)
      if (const auto found = known.find(folded(name)); found != known.end()) {
        covered = {1, found->second};
        break;
      }
    coverage.entities.push_back(covered);
  }
  return coverage;
}

Coverage cover_by_embedding(const std::vector<EntityNames>& entities,
                            const std::vector<EntityNames>& reference) {
  std::vector<std::string> names;
  std::vector<int64_t> owners;
  for (size_t i = 0; i < reference.size(); ++i)
    for (const std::string& name : reference[i]) {
      names.push_back(name);
      owners.push_back(static_cast<int64_t>(i));
    }
  const NameEmbedding embedding(names);
  Coverage coverage;
  for (const EntityNames& own : entities) {
    NearestName best;
    for (const std::string& name : own)
      if (const NearestName nearest = embedding.nearest(name); nearest.cosine > best.cosine)
        best = nearest;
    coverage.entities.push_back(
        {best.cosine, best.name < 0 ? -1 : owners[static_cast<size_t>(best.name)]});
  }
  return coverage;
}

}  // namespace

double Coverage::amcs() const {
  if (entities.empty())
    return 0;
  double sum = 0;
  for (const Covered& covered : entities)
    sum += covered.likeness;
  return sum / static_cast<double>(entities.size());
}

std::vector<int64_t> Coverage::weakest(int64_t count) const {
  std::vector<int64_t> order(entities.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return entities[static_cast<size_t>(a)].likeness < entities[static_cast<size_t>(b)].likeness;
  });
  order.resize(std::min(order.size(), static_cast<size_t>(std::max<int64_t>(count, 0))));
  return order;
}

Coverage cover(const std::vector<EntityNames>& entities, const std::vector<EntityNames>& reference,
               Likeness likeness) {
  return likeness == Likeness::kExact ? cover_exactly(entities, reference)
                                      : cover_by_embedding(entities, reference);
}

std::vector<EntityNames> entity_names(const EntityTree& tree) {
  std::vector<EntityNames> all;
  for (const EntityNode& node : tree.nodes()) {
    if (node.parents.empty())
      continue;
    all.push_back({node.name});
    all.back().insert(all.back().end(), node.synonyms.begin(), node.synonyms.end());
  }
  return all;
}

}  // namespace nelumbo
