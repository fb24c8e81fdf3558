// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_tagger.h"

#include <algorithm>
#include <utility>

namespace nelumbo {

std::vector<EntityCount> EntityTagger::tag(std::string_view text) const {
  std::vector<int64_t> nodes;
  for (const NameHit& hit : matcher_.find(text))
    nodes.push_back(hit.owner);
  std::sort(nodes.begin(), nodes.end());
  std::vector<EntityCount> counts;
  for (const int64_t node : nodes) {
    if (counts.empty() || counts.back().node != node)
      counts.push_back({node, 0});
    ++counts.back().mentions;
  }
  return counts;
}

int64_t TaggedCorpus::nodes_named(int64_t least, int64_t most) const {
  return std::count_if(naming.begin(), naming.end(),
                       [&](int64_t count) { return count >= least && count <= most; });
}

TaggedCorpus tag_corpus(const EntityTagger& tagger, std::span<const Document> documents,
                        int64_t nodes) {
  TaggedCorpus tagged;
  tagged.mentions.resize(static_cast<size_t>(nodes));
  tagged.naming.resize(static_cast<size_t>(nodes));
  for (const Document& document : documents) {
    std::vector<EntityCount> counts = tagger.tag(document.text);
    for (const EntityCount& count : counts) {
      tagged.mentions[static_cast<size_t>(count.node)] += count.mentions;
      ++tagged.naming[static_cast<size_t>(count.node)];
      tagged.hits += count.mentions;
    }
    tagged.bytes += std::ssize(document.text);
    tagged.documents.push_back(std::move(counts));
  }
  return tagged;
}

}  // namespace nelumbo
