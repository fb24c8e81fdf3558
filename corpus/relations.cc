// SPDX-License-Identifier: Apache-2.0
#include "corpus/relations.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "corpus/entity_tree.h"
#include "corpus/gene_phrases.h"
#include "corpus/name_index.h"

namespace nelumbo {
namespace {

constexpr std::string_view kMeshBranches = "ACDEFG";
constexpr int64_t kMostLiteralWords = 5;
constexpr size_t kLeastLiteral = 4, kLeastSynonym = 5;
constexpr std::array<std::string_view, 15> kReversed{
    "absence", "absent", "without", "no",     "not",       "lack",     "low", "reduced",
    "of",      "in",     "to",      "normal", "decreased", "impaired", "loss"};

NodeSort sort_of_branch(char branch) {
  switch (branch) {
    case 'A':
      return NodeSort::kBody;
    case 'D':
      return NodeSort::kSubstance;
    case 'E':
      return NodeSort::kPractice;
    case 'F':
      return NodeSort::kMind;
    case 'G':
      return NodeSort::kProcess;
    default:
      return NodeSort::kDisease;
  }
}

/// The branch of a heading: C before the others, else that of its first number in the graph.
std::optional<char> branch_of(const MeshDescriptor& heading) {
  std::optional<char> branch;
  for (const std::string& number : heading.tree_numbers) {
    if (number.empty() || kMeshBranches.find(number[0]) == std::string_view::npos)
      continue;
    if (!branch || number[0] == 'C')
      branch = number[0];
  }
  return branch;
}

std::string without_parentheses(const std::string& text) {
  return text.substr(0, text.find(" ("));
}

/// Whether a known entity of `sort` can be what `relation` names: a symptom is no organ.
bool fits(Relation relation, NodeSort sort) {
  switch (relation) {
    case Relation::kPlace:
      return sort == NodeSort::kBody;
    case Relation::kOrigin:
      return sort == NodeSort::kBody || sort == NodeSort::kDisease;
    case Relation::kSymptom:
    case Relation::kFeature:
      return sort == NodeSort::kDisease || sort == NodeSort::kMind;
    case Relation::kEffect:
      return sort == NodeSort::kDisease || sort == NodeSort::kProcess;
    case Relation::kRoute:
      return sort == NodeSort::kProcess;
    default:
      return true;
  }
}

NodeSort literal_sort(Relation relation) {
  switch (relation) {
    case Relation::kPlace:
      return NodeSort::kBody;
    case Relation::kSymptom:
      return NodeSort::kSymptom;
    case Relation::kEffect:
      return NodeSort::kEffect;
    case Relation::kRoute:
      return NodeSort::kRoute;
    case Relation::kOrigin:
      return NodeSort::kOrigin;
    default:
      return NodeSort::kAgent;
  }
}

/// Short enough for a name, and no lone participle ("undeveloped"), symbol or number.
bool is_literal(std::string_view text) {
  const auto blanks = std::count(text.begin(), text.end(), ' ');
  const bool has_small = std::any_of(text.begin(), text.end(), is_ascii_small);
  return blanks < kMostLiteralWords && has_small && text.size() >= kLeastLiteral &&
         !(blanks == 0 && text.ends_with("ed")) && text.find("genetic") == std::string_view::npos &&
         text.find("chromosome") == std::string_view::npos;
}

bool is_abbreviation(std::string_view name) {
  return name.size() < kLeastSynonym || std::none_of(name.begin(), name.end(), is_ascii_small);
}

/// Collects entities and triples; the one owner of what is being extracted.
class Extractor {
 public:
  Extractor(std::span<const OboTerm> terms, std::span<const MeshDescriptor> headings)
      : terms_(terms), headings_(headings) {}

  Relations extract() {
    add_terms();
    add_headings();
    add_synonyms();
    relate_terms();
    relate_headings();
    relate_definitions();
    relate_bands();
    std::vector<Triple>& triples = found_.triples;
    std::erase_if(triples, [](const Triple& one) { return one.subject == one.object; });
    std::sort(triples.begin(), triples.end(), [](const Triple& a, const Triple& b) {
      return std::tie(a.subject, a.relation, a.object) < std::tie(b.subject, b.relation, b.object);
    });
    triples.erase(std::unique(triples.begin(), triples.end()), triples.end());
    return std::move(found_);
  }

 private:
  int32_t add_entity(std::string id, std::string name, NodeSort sort) {
    const auto index = static_cast<int32_t>(found_.entities.size());
    const auto [at, fresh] = by_id_.try_emplace(id, index);
    if (fresh)
      found_.entities.push_back({std::move(id), std::move(name), {}, sort});
    return at->second;
  }

  void add_terms() {
    for (const OboTerm& term : terms_) {
      if (term.obsolete)
        continue;
      const int32_t entity = add_entity(term.id, term.name, NodeSort::kDisease);
      names_.add(term.name, entity);
      for (const OboSynonym& synonym : term.synonyms)
        found_.entities[static_cast<size_t>(entity)].synonyms.push_back(synonym.text);
    }
  }

  void add_headings() {
    for (const MeshDescriptor& heading : headings_) {
      const std::optional<char> branch = branch_of(heading);
      if (!branch)
        continue;
      const int32_t entity =
          add_entity("MESH:" + heading.id, heading.name, sort_of_branch(*branch));
      names_.add(heading.name, entity);
      for (const std::string& number : heading.tree_numbers)
        if (kMeshBranches.find(number[0]) != std::string_view::npos)
          by_number_[number] = entity;
    }
  }

  /// After all names: a synonym never takes the name of another entity.
  void add_synonyms() {
    for (const OboTerm& term : terms_)
      for (const OboSynonym& synonym : term.synonyms)
        if (!term.obsolete && synonym.scope == SynonymScope::kExact &&
            !is_abbreviation(synonym.text))
          names_.add(synonym.text, by_id_.at(term.id));
  }

  void relate(int32_t subject, Relation relation, int32_t object) {
    found_.triples.push_back({subject, relation, object});
  }

  void relate_terms() {
    for (const OboTerm& term : terms_) {
      if (term.obsolete)
        continue;
      const int32_t subject = by_id_.at(term.id);
      for (const std::string& parent : term.is_a)
        if (const auto at = by_id_.find(parent); at != by_id_.end())
          relate(subject, Relation::kIsA, at->second);
      for (const std::string& reference : term.xrefs)
        if (const auto at = by_id_.find(reference);
            reference.starts_with("MESH:") && at != by_id_.end())
          relate(subject, Relation::kSameAs, at->second);
    }
  }

  void relate_headings() {
    for (const auto& [number, entity] : by_number_) {
      const size_t dot = number.rfind('.');
      if (dot == std::string::npos)
        continue;
      if (const auto above = by_number_.find(number.substr(0, dot)); above != by_number_.end())
        relate(entity, Relation::kIsA, above->second);
    }
  }

  void relate_definitions() {
    for (const OboTerm& term : terms_) {
      if (term.obsolete)
        continue;
      const int32_t subject = by_id_.at(term.id);
      if (const auto genus = names_.find(genus_of(term.definition)); genus && is_disease(*genus))
        relate(subject, Relation::kIsA, *genus);
      std::array<bool, kMarkers> seen{};
      for (size_t i = 0; i < kMarkers; ++i)
        found_.markers[i].underscored += underscored(term.definition, static_cast<Marker>(i));
      for (const DefinitionPhrase& phrase : phrases_of(term.definition)) {
        MarkerCount& count = found_.markers[static_cast<size_t>(phrase.marker)];
        ++count.phrases;
        count.terms += std::exchange(seen[static_cast<size_t>(phrase.marker)], true) ? 0 : 1;
        relate_phrase(subject, phrase);
      }
    }
  }

  void relate_phrase(int32_t subject, const DefinitionPhrase& phrase) {
    switch (phrase.marker) {
      case Marker::kMaterialBasis:
        return relate_basis(subject, phrase.object);
      case Marker::kLocated:
        return relate_list(subject, phrase.object, Relation::kPlace);
      case Marker::kSymptom:
        return relate_list(subject, phrase.object, Relation::kSymptom);
      case Marker::kResults:
        return relate_first(subject, phrase.object, Relation::kEffect);
      case Marker::kTransmitted:
        return relate_first(subject, phrase.object, Relation::kRoute);
      case Marker::kDerives:
        return relate_first(subject, phrase.object, Relation::kOrigin);
      case Marker::kCharacterized:
        return relate_features(subject, phrase.object);
    }
  }

  void relate_basis(int32_t subject, const std::string& object) {
    const GeneBasis basis = gene_basis(object);
    for (const std::string& gene : basis.genes)
      relate(subject, Relation::kGene, add_entity("gene:" + gene, gene, NodeSort::kGene));
    if (basis.genes.size() == 1 && basis.bands.size() == 1)
      ++bands_of_gene_[basis.genes.front()][basis.bands.front()];
    if (!basis.hereditary)
      relate_first(subject, without_parentheses(object), Relation::kAgent);
  }

  /// Each part of a list, as markers for symptoms and places have them.
  void relate_list(int32_t subject, const std::string& object, Relation relation) {
    for (const std::string& part : listed(object, false))
      relate_object(subject, part, relation);
  }

  /// What stands behind the first comma of other objects explains them.
  void relate_first(int32_t subject, const std::string& object, Relation relation) {
    const std::vector<std::string> parts = listed(object, false);
    if (!parts.empty())
      relate_object(subject, parts.front(), relation);
  }

  /// An entity, the entities that "nausea and vomiting" names, or a literal.
  void relate_object(int32_t subject, const std::string& object, Relation relation) {
    const auto known = [&](const std::string& text) -> std::optional<int32_t> {
      const auto found = names_.find(text);
      return found && fits(relation, sort_of(*found)) ? found : std::nullopt;
    };
    const std::vector<std::string> pieces = listed(object, true);
    if (const auto whole = known(object))
      relate(subject, relation, *whole);
    else if (std::all_of(pieces.begin(), pieces.end(), known))
      for (const std::string& piece : pieces)
        relate(subject, relation, *known(piece));
    else if (is_literal(object))
      relate(subject, relation, literal(object, relation));
  }

  int32_t literal(const std::string& text, Relation relation) {
    return add_entity(std::string(words_of(relation).word) + ":" + name_key(text), text,
                      literal_sort(relation));
  }

  void relate_features(int32_t subject, const std::string& object) {
    for (const std::string& part : listed(object, true))
      if (const std::optional<int32_t> sign = sign_in(part))
        relate(subject, Relation::kFeature, *sign);
  }

  /// The disease or trait that ends a part of a list, behind at most two words that do not turn its
  /// meaning round.
  std::optional<int32_t> sign_in(std::string_view part) const {
    for (int dropped = 0; dropped <= 2; ++dropped) {
      if (const auto found = names_.find(part); found && is_disease(*found))
        return found;
      const size_t blank = part.find(' ');
      const std::string_view first = part.substr(0, blank);
      if (blank == std::string_view::npos ||
          std::find(kReversed.begin(), kReversed.end(), first) != kReversed.end())
        return std::nullopt;
      part.remove_prefix(blank + 1);
    }
    return std::nullopt;
  }

  NodeSort sort_of(int32_t entity) const {
    return found_.entities[static_cast<size_t>(entity)].sort;
  }

  bool is_disease(int32_t entity) const { return fits(Relation::kFeature, sort_of(entity)); }

  void relate_bands() {
    for (const auto& [gene, bands] : bands_of_gene_) {
      const auto most = std::max_element(bands.begin(), bands.end(),
                                         [](auto& a, auto& b) { return a.second < b.second; });
      const bool alone = std::count_if(bands.begin(), bands.end(), [&](auto& band) {
                           return band.second == most->second;
                         }) == 1;
      if (alone)
        relate(by_id_.at("gene:" + gene), Relation::kBand,
               add_entity("band:" + most->first, most->first, NodeSort::kBand));
    }
  }

  std::span<const OboTerm> terms_;
  std::span<const MeshDescriptor> headings_;
  Relations found_;
  NameIndex names_;
  std::unordered_map<std::string, int32_t> by_id_;
  std::map<std::string, int32_t> by_number_;
  std::map<std::string, std::map<std::string, int64_t>> bands_of_gene_;
};

}  // namespace

std::array<int64_t, kRelations> Relations::count_by_relation() const {
  std::array<int64_t, kRelations> counts{};
  for (const Triple& triple : triples)
    ++counts[static_cast<size_t>(triple.relation)];
  return counts;
}

Relations extract_relations(std::span<const OboTerm> terms,
                            std::span<const MeshDescriptor> headings) {
  return Extractor(terms, headings).extract();
}

Result<Relations> read_relations(const std::string& root) {
  const Result<EntitySources> sources = read_entity_sources(root);
  if (!sources)
    return sources.error();
  // Only the tree notices a cycle.
  if (const Result<EntityTree> tree = EntityTree::build(sources.value()); !tree)
    return tree.error();
  return extract_relations(sources.value().terms, sources.value().mesh);
}

}  // namespace nelumbo
