// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "corpus/entity_kind.h"
#include "corpus/mesh.h"
#include "corpus/name_matcher.h"
#include "corpus/obo.h"

namespace nelumbo {

/// One entity, or one of the sixteen branches at the top.
struct EntityNode {
  std::string id;    ///< "D001943", "DOID:0050012"; a branch is its letter
  std::string name;  ///< never empty
  std::vector<std::string> synonyms = {};
  EntityKind kind = EntityKind::kOther;
  std::vector<int64_t> parents = {};  ///< the first is the primary one; none above a branch
  int64_t depth = 0;                  ///< steps to its branch along primary parents
};

/// Why a term became part of a node, or where it was hung. In the order in which they are tried.
enum class AttachRule {
  kSameXref,     ///< part of the heading that only it refers to, or whose name it shares
  kSameName,     ///< part of the disease that bears its name
  kSameSynonym,  ///< part of the disease that bears one of its exact synonyms
  kIsA,          ///< below the terms that it names by is_a
  kBelowXref,    ///< below the heading that several terms refer to
  kHead,         ///< below the disease that its name ends in: "X-linked ichthyosis"
  kGenus,        ///< below the disease that its definition begins with: "A cardiomyopathy that ..."
  kWithin,       ///< below the longest disease within its name
  kGeneral,      ///< below a word for any disease that its name ends in: syndrome, disease
  kBranch,       ///< below its branch, for want of all that
};

/// "same_xref"
std::string_view to_string(AttachRule rule);

/// How one entity that has no place of its own got one.
struct Attachment {
  std::string id;
  int64_t node = 0;  ///< the node that it is now (part of)
  AttachRule rule{};
  std::string reason;  ///< "MESH:D012373 is 'Rocky Mountain Spotted Fever'"
};

/// What a tree is made of, and where that was read: the places stand in front of messages.
struct EntitySources {
  std::vector<MeshDescriptor> mesh;
  std::string mesh_place = "terms.tsv";
  std::vector<OboTerm> terms;
  std::string terms_place = "terms.obo";
};

/// The Medical Entity Tree: MeSH as a frozen skeleton, to which the terms of an ontology of
/// diseases are added. A term that is a heading under another name gives it its synonyms; any other
/// becomes a node below one that is there already. Nothing that is added changes a parent of the
/// skeleton. Immutable, shared between threads.
class EntityTree {
 public:
  /// kBadData names place and line: an entity without a name, an id twice, or a cycle of parents,
  /// with the ids on it.
  static Result<EntityTree> build(const EntitySources& sources);

  const std::vector<EntityNode>& nodes() const { return nodes_; }
  const EntityNode& node(int64_t index) const { return nodes_[static_cast<size_t>(index)]; }
  /// One for each live term and each heading without a tree number, in the order of their coming.
  const std::vector<Attachment>& attachments() const { return attachments_; }
  /// The node of an id; that of a term which is part of a heading is the heading.
  std::optional<int64_t> find(const std::string& id) const;

  /// The node at each of the five working levels from its branch to itself: the branch, the
  /// ancestors at depths 2, 4 and 6, the node; those that lie below it are left out, so a node has
  /// 1 to 5. Along primary parents.
  std::vector<int64_t> working_path(int64_t node) const;

  /// All names of all entities but the branches, for a matcher: first the names, then the
  /// synonyms, then the variants of both (corpus/name_rules.h), so that of two owners the one
  /// that bears the name itself is found.
  std::vector<OwnedName> names() const;

 private:
  friend class EntityTreeBuilder;

  std::vector<EntityNode> nodes_;
  std::vector<Attachment> attachments_;
  std::unordered_map<std::string, int64_t> index_;
};

/// Reads `root`/mesh and `root`/disease-ontology/DO_rare_slim.obo.
Result<EntitySources> read_entity_sources(const std::string& root);

/// The tree of these sources.
Result<EntityTree> read_entity_tree(const std::string& root);

}  // namespace nelumbo
