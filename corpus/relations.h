// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/definition_phrases.h"
#include "corpus/mesh.h"
#include "corpus/obo.h"
#include "corpus/relation.h"

namespace nelumbo {

/// What sort of thing a node is. Choices of a question are all of one sort.
enum class NodeSort : uint8_t {
  kDisease,    ///< a term of the Disease Ontology, or MeSH branch C
  kBody,       ///< MeSH branch A, or a place named in a definition
  kSubstance,  ///< MeSH branch D
  kPractice,   ///< MeSH branch E
  kMind,       ///< MeSH branch F
  kProcess,    ///< MeSH branch G
  kGene,
  kBand,
  kAgent,
  kSymptom,
  kEffect,
  kRoute,
  kOrigin,
};

/// A node of the graph.
struct Entity {
  std::string id;  ///< "DOID:13911", "MESH:D003117", "gene:CNGB3", "symptom:skin rash"
  std::string name;
  std::vector<std::string> synonyms;
  NodeSort sort = NodeSort::kDisease;
};

/// One fact: `subject` has `object` as its `relation`; both are indices into the entities.
struct Triple {
  int32_t subject = 0;
  Relation relation = Relation::kIsA;
  int32_t object = 0;

  bool operator==(const Triple&) const = default;
};

/// How often a marker stands in the definitions, and what became of it.
struct MarkerCount {
  int64_t underscored = 0;  ///< the formal word, "has_symptom"
  int64_t phrases = 0;      ///< with the forms in blanks
  int64_t terms = 0;        ///< whose definition has it
};

/// What was read out of the vocabularies.
struct Relations {
  std::vector<Entity> entities;  ///< DO terms, MeSH headings, then literal nodes
  std::vector<Triple> triples;   ///< sorted, each once, none from an entity to itself
  std::array<MarkerCount, kMarkers> markers;

  std::array<int64_t, kRelations> count_by_relation() const;
};

/// Relations of the live DO terms and of the MeSH headings in branches A, C, D, E, F and G.
///
/// Objects of definitions become DO terms or MeSH headings where a name or an exact synonym equals
/// them (name_key); else literal nodes of up to five words, one for all spellings. What follows
/// "characterized by" counts only where it names a disease, a sign or a trait of the mind. A gene
/// lies on the band that most definitions give it; one without a majority on none.
Relations extract_relations(std::span<const OboTerm> terms,
                            std::span<const MeshDescriptor> headings);

/// The relations of `root`/disease-ontology/DO_rare_slim.obo and `root`/mesh; kBadData also where
/// they make no tree (corpus/entity_tree.h).
Result<Relations> read_relations(const std::string& root);

}  // namespace nelumbo
