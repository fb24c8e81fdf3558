// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_tree.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "corpus/dangling_parents.h"
#include "corpus/disease_names.h"
#include "corpus/name_rules.h"
#include "corpus/parents_first.h"

namespace nelumbo {
namespace {

constexpr const char* kDiseaseBranch = "C";
/// MeSH gives its check tags (Female, Male) no place; they are groups of people.
constexpr const char* kPlacelessBranch = "M";
constexpr const char* kMeshPrefix = "MESH:";

std::string quoted(const std::string& name) {
  return "'" + name + "'";
}

/// "a -> b -> a"
std::string written_cycle(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids)
    text += id + " -> ";
  return text + ids.front();
}

}  // namespace

/// Builds one tree: the skeleton first, then term by term.
class EntityTreeBuilder {
 public:
  explicit EntityTreeBuilder(const EntitySources& sources) : sources_(sources) {}

  Result<EntityTree> build() {
    add_branches();
    for (const auto step : {&EntityTreeBuilder::add_skeleton, &EntityTreeBuilder::order_terms})
      if (Result<void> done = (this->*step)(); !done)
        return done.error();
    set_depths();
    learn_names();
    count_references();
    for (const OboTerm* term : ordered_)
      attach(*term);
    return std::move(tree_);
  }

 private:
  static size_t at(int64_t index) { return static_cast<size_t>(index); }

  static Error bad(const std::string& place, int64_t line, const std::string& what) {
    return {Errc::kBadData, place + ":" + std::to_string(line) + ": " + what};
  }

  int64_t add_node(EntityNode node) {
    const int64_t index = std::ssize(tree_.nodes_);
    tree_.index_.emplace(node.id, index);
    tree_.nodes_.push_back(std::move(node));
    return index;
  }

  void add_branches() {
    for (const MeshBranch& branch : mesh_branches()) {
      const std::string id(1, branch.letter);
      add_node({.id = id, .name = std::string(branch.name), .kind = kind_of_place(id)});
    }
  }

  Result<void> add_skeleton() {
    std::unordered_map<std::string, int64_t> owner;  // of a tree number
    for (const MeshDescriptor& descriptor : sources_.mesh) {
      if (is_blank(descriptor.name))
        return bad(sources_.mesh_place, descriptor.line,
                   descriptor.id + " has no name; add it or delete the entity");
      if (tree_.index_.contains(descriptor.id))
        return bad(sources_.mesh_place, descriptor.line,
                   "the id " + descriptor.id + " is taken; delete one of the two");
      EntityNode node{.id = descriptor.id, .name = descriptor.name};
      if (!descriptor.tree_numbers.empty())
        node.kind = kind_of_place(descriptor.tree_numbers.front());
      const int64_t index = add_node(std::move(node));
      for (const std::string& number : descriptor.tree_numbers)
        owner.emplace(number, index);
    }
    for (const MeshDescriptor& descriptor : sources_.mesh)
      if (Result<void> hung = hang(descriptor, owner); !hung)
        return hung;
    return refuse_cycles();
  }

  Result<void> hang(const MeshDescriptor& descriptor,
                    const std::unordered_map<std::string, int64_t>& owner) {
    const int64_t index = tree_.index_.at(descriptor.id);
    EntityNode& node = tree_.nodes_[at(index)];
    for (const std::string& number : descriptor.tree_numbers) {
      const size_t dot = number.rfind('.');
      const bool top = dot == std::string::npos;
      const auto& above = top ? tree_.index_ : owner;
      const auto parent = above.find(top ? number.substr(0, 1) : number.substr(0, dot));
      if (parent == above.end())
        return bad(sources_.mesh_place, descriptor.line,
                   "nothing is above the place " + number + " of " + descriptor.id +
                       "; correct the tree number");
      if (std::find(node.parents.begin(), node.parents.end(), parent->second) == node.parents.end())
        node.parents.push_back(parent->second);
    }
    if (!node.parents.empty())
      return {};
    node.parents.push_back(tree_.index_.at(kPlacelessBranch));
    node.kind = EntityKind::kPeople;
    log(descriptor.id, index, AttachRule::kBranch, "MeSH gives it no tree number");
    return {};
  }

  std::vector<std::vector<int64_t>> parents() const {
    std::vector<std::vector<int64_t>> all;
    for (const EntityNode& node : tree_.nodes_)
      all.push_back(node.parents);
    return all;
  }

  Result<void> refuse_cycles() const {
    const ParentsFirst order = parents_first(parents());
    if (order.cycle.empty())
      return {};
    std::vector<std::string> ids;
    for (const int64_t node : order.cycle)
      ids.push_back(tree_.node(node).id);
    const auto first = at(order.cycle.front()) - mesh_branches().size();
    return bad(sources_.mesh_place, sources_.mesh[first].line,
               "the places of " + written_cycle(ids) +
                   " lie below one another; correct one of their places in tree-numbers.tsv");
  }

  /// The live terms, what they are kinds of first. A slim names terms that it does not hold.
  Result<void> order_terms() {
    std::unordered_map<std::string, int64_t> index;
    std::vector<const OboTerm*> live;
    for (const OboTerm& term : sources_.terms) {
      if (term.obsolete)
        continue;
      if (is_blank(term.name))
        return bad(sources_.terms_place, term.line,
                   term.id + " has no name; add it or delete the entity");
      if (tree_.index_.contains(term.id) || !index.emplace(term.id, std::ssize(live)).second)
        return bad(sources_.terms_place, term.line,
                   "the id " + term.id + " is taken; delete one of the two");
      live.push_back(&term);
    }
    std::vector<std::vector<int64_t>> kinds_of(live.size());
    for (size_t i = 0; i < live.size(); ++i)
      for (const std::string& id : live[i]->is_a)
        if (const auto parent = index.find(id); parent != index.end())
          kinds_of[i].push_back(parent->second);
    const ParentsFirst order = parents_first(kinds_of);
    if (!order.cycle.empty()) {
      std::vector<std::string> ids;
      for (const int64_t term : order.cycle)
        ids.push_back(live[at(term)]->id);
      return bad(sources_.terms_place, live[at(order.cycle.front())]->line,
                 "is_a runs in a cycle, " + written_cycle(ids) + "; delete one of these is_a");
    }
    for (const int64_t term : order.order)
      ordered_.push_back(live[at(term)]);
    return {};
  }

  void set_depths() {
    for (const int64_t node : parents_first(parents()).order)
      if (EntityNode& it = tree_.nodes_[at(node)]; !it.parents.empty())
        it.depth = tree_.node(it.parents.front()).depth + 1;
  }

  void learn_names() {
    for (const EntityNode& node : tree_.nodes_)
      if (!node.parents.empty() &&
          (node.kind == EntityKind::kDisease || node.kind == EntityKind::kSymptom))
        diseases_.add(node.name, tree_.index_.at(node.id));
  }

  /// The headings that a term refers to.
  std::vector<int64_t> headings_of(const OboTerm& term) const {
    std::vector<int64_t> headings;
    for (const std::string& xref : term.xrefs)
      if (xref.starts_with(kMeshPrefix))
        if (const auto heading = tree_.find(xref.substr(5)))
          headings.push_back(*heading);
    return headings;
  }

  void count_references() {
    for (const OboTerm* term : ordered_)
      for (const int64_t heading : headings_of(*term))
        ++references_[heading];
  }

  void log(const std::string& id, int64_t node, AttachRule rule, std::string reason) {
    tree_.attachments_.push_back({id, node, rule, std::move(reason)});
  }

  void attach(const OboTerm& term) {
    if (!merge(term) && !hang_by_reference(term) && !hang_by_words(term))
      hang(term, {tree_.index_.at(kDiseaseBranch)}, AttachRule::kBranch,
           "no disease in its name or definition is known");
  }

  bool shares_name(const OboTerm& term, int64_t heading) const {
    if (diseases_.find(term.name) == heading)
      return true;
    return std::any_of(term.synonyms.begin(), term.synonyms.end(), [&](const OboSynonym& s) {
      return s.scope == SynonymScope::kExact && diseases_.find(s.text) == heading;
    });
  }

  bool merge(const OboTerm& term) {
    for (const int64_t heading : headings_of(term))
      if (references_.at(heading) == 1 || shares_name(term, heading)) {
        join(term, heading, AttachRule::kSameXref,
             kMeshPrefix + tree_.node(heading).id + " is " + quoted(tree_.node(heading).name));
        return true;
      }
    if (const auto same = frozen(diseases_.find(term.name))) {
      join(term, *same, AttachRule::kSameName, "is called " + quoted(tree_.node(*same).name));
      return true;
    }
    for (const OboSynonym& synonym : term.synonyms)
      if (synonym.scope == SynonymScope::kExact)
        if (const auto same = frozen(diseases_.find(synonym.text))) {
          join(term, *same, AttachRule::kSameSynonym,
               "its synonym " + quoted(synonym.text) + " is " + quoted(tree_.node(*same).name));
          return true;
        }
    return false;
  }

  /// Only a heading takes in terms: two terms of one ontology are two diseases.
  std::optional<int64_t> frozen(std::optional<int64_t> node) const {
    return node && *node < skeleton_size() ? node : std::nullopt;
  }

  int64_t skeleton_size() const { return std::ssize(mesh_branches()) + std::ssize(sources_.mesh); }

  bool hang_by_reference(const OboTerm& term) {
    std::vector<int64_t> above;
    for (const std::string& id : term.is_a)
      if (const auto parent = tree_.find(id))
        above.push_back(*parent);
    if (!above.empty()) {
      hang(term, above, AttachRule::kIsA, "is a " + quoted(tree_.node(above.front()).name));
      return true;
    }
    const std::vector<int64_t> headings = headings_of(term);
    if (headings.empty())
      return false;
    hang(term, {headings.front()}, AttachRule::kBelowXref,
         "is one of " + std::to_string(references_.at(headings.front())) + " that refer to " +
             quoted(tree_.node(headings.front()).name));
    return true;
  }

  bool hang_by_words(const OboTerm& term) {
    const auto head = diseases_.at_end(term.name);
    const auto genus = diseases_.genus(term.definition);
    if (head && !head->general)
      hang(term, {head->node}, AttachRule::kHead, "its name ends in " + quoted(head->words));
    else if (genus && !genus->general)
      hang(term, {genus->node}, AttachRule::kGenus,
           "its definition begins with " + quoted(genus->words));
    else if (const auto within = diseases_.within(term.name))
      hang(term, {within->node}, AttachRule::kWithin, "its name has " + quoted(within->words));
    else if (head || genus)
      hang(term, {(head ? head : genus)->node}, AttachRule::kGeneral,
           "nothing narrower than " + quoted((head ? head : genus)->words) + " is known");
    else
      return false;
    return true;
  }

  void join(const OboTerm& term, int64_t heading, AttachRule rule, std::string reason) {
    tree_.index_.emplace(term.id, heading);
    take_synonyms(term, heading);
    log(term.id, heading, rule, std::move(reason));
  }

  void hang(const OboTerm& term, std::vector<int64_t> above, AttachRule rule, std::string reason) {
    EntityNode node{.id = term.id, .name = term.name, .kind = EntityKind::kDisease};
    node.depth = tree_.node(above.front()).depth + 1;
    node.parents = std::move(above);
    const int64_t index = add_node(std::move(node));
    take_synonyms(term, index);
    log(term.id, index, rule, std::move(reason));
  }

  /// The names of a term; broader ones name more than it.
  void take_synonyms(const OboTerm& term, int64_t index) {
    EntityNode& node = tree_.nodes_[at(index)];
    const auto take = [&](const std::string& name) {
      if (name != node.name &&
          std::find(node.synonyms.begin(), node.synonyms.end(), name) == node.synonyms.end())
        node.synonyms.push_back(name);
    };
    take(term.name);
    diseases_.add(term.name, index);
    for (const OboSynonym& synonym : term.synonyms)
      if (synonym.scope != SynonymScope::kBroad)
        take(synonym.text);
  }

  const EntitySources& sources_;
  EntityTree tree_;
  DiseaseNames diseases_;
  std::vector<const OboTerm*> ordered_;
  std::unordered_map<int64_t, int64_t> references_;  ///< terms that refer to a heading
};

std::string_view to_string(AttachRule rule) {
  constexpr std::array<std::string_view, 10> kNames{
      "same_xref", "same_name", "same_synonym", "is_a",    "below_xref",
      "head",      "genus",     "within",       "general", "branch"};
  return kNames[static_cast<size_t>(rule)];
}

Result<EntityTree> EntityTree::build(const EntitySources& sources) {
  return EntityTreeBuilder(sources).build();
}

std::optional<int64_t> EntityTree::find(const std::string& id) const {
  const auto found = index_.find(id);
  if (found == index_.end())
    return std::nullopt;
  return found->second;
}

std::vector<int64_t> EntityTree::working_path(int64_t index) const {
  std::vector<int64_t> path;
  for (int64_t above = index;; above = node(above).parents.front()) {
    const int64_t depth = node(above).depth;
    if (above == index || depth == 0 || depth == 2 || depth == 4 || depth == 6)
      path.insert(path.begin(), above);
    if (node(above).parents.empty())
      return path;
  }
}

std::vector<OwnedName> EntityTree::names() const {
  std::vector<OwnedName> names, synonyms, variants;
  for (int64_t i = 0; i < std::ssize(nodes_); ++i) {
    if (node(i).parents.empty())
      continue;
    names.push_back({node(i).name, i});
    for (std::string& variant : name_variants(node(i).name))
      variants.push_back({std::move(variant), i});
    for (const std::string& synonym : node(i).synonyms) {
      synonyms.push_back({synonym, i});
      for (std::string& variant : name_variants(synonym))
        variants.push_back({std::move(variant), i});
    }
  }
  names.insert(names.end(), synonyms.begin(), synonyms.end());
  names.insert(names.end(), variants.begin(), variants.end());
  return names;
}

Result<EntitySources> read_entity_sources(const std::string& root) {
  EntitySources sources;
  sources.mesh_place = root + "/mesh/terms.tsv";
  sources.terms_place = root + "/disease-ontology/DO_rare_slim.obo";
  Result<std::vector<MeshDescriptor>> mesh = read_mesh(root + "/mesh");
  if (!mesh)
    return mesh.error();
  Result<std::vector<OboTerm>> terms = read_obo(sources.terms_place);
  if (!terms)
    return terms.error();
  sources.mesh = std::move(mesh.value());
  sources.terms = std::move(terms.value());
  if (const auto dangling = dangling_parents(sources.terms, sources.terms_place))
    log_warn(*dangling);
  return sources;
}

Result<EntityTree> read_entity_tree(const std::string& root) {
  const Result<EntitySources> sources = read_entity_sources(root);
  return sources ? EntityTree::build(sources.value()) : sources.error();
}

}  // namespace nelumbo
