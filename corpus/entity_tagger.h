// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "corpus/document.h"
#include "corpus/entity_tree.h"
#include "corpus/name_matcher.h"

namespace nelumbo {

/// How often a text names an entity.
struct EntityCount {
  int64_t node = 0;  ///< of the tree
  int64_t mentions = 0;

  bool operator==(const EntityCount&) const = default;
};

/// Finds the entities of a tree in texts. Immutable, shared between threads.
class EntityTagger {
 public:
  explicit EntityTagger(const EntityTree& tree) : matcher_(tree.names()) {}

  /// The entities that a text names, in ascending order of their nodes.
  std::vector<EntityCount> tag(std::string_view text) const;

  const NameMatcher& matcher() const { return matcher_; }

 private:
  NameMatcher matcher_;
};

/// The entities of a corpus.
struct TaggedCorpus {
  std::vector<std::vector<EntityCount>> documents;  ///< in their order
  std::vector<int64_t> mentions;                    ///< of each node of the tree, in all documents
  std::vector<int64_t> naming;                      ///< documents that name the node
  int64_t hits = 0;                                 ///< all mentions
  int64_t bytes = 0;                                ///< of all texts

  /// Nodes that are named by `least` to `most` documents.
  int64_t nodes_named(int64_t least, int64_t most) const;
};

/// `nodes` is how many the tree has.
TaggedCorpus tag_corpus(const EntityTagger& tagger, std::span<const Document> documents,
                        int64_t nodes);

}  // namespace nelumbo
