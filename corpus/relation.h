// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nelumbo {

/// What one entity is to another. Each holds from the disease (the gene, the narrower class) to
/// what it names.
enum class Relation : uint8_t {
  kIsA,      ///< the broader class: is_a of DO, the class a definition opens with, MeSH trees
  kSameAs,   ///< the MeSH heading that a DO term refers to
  kGene,     ///< material basis: the mutated gene
  kBand,     ///< the chromosome band of a gene
  kAgent,    ///< material basis that is no gene: a virus, a tissue, a deficiency
  kPlace,    ///< located_in
  kSymptom,  ///< has_symptom
  kFeature,  ///< characterized by, where what follows is a known disease or sign
  kEffect,   ///< results_in
  kRoute,    ///< transmitted_by
  kOrigin,   ///< derives_from
};
constexpr size_t kRelations = 11;

/// How a relation is said, in both directions. `word` and `back` are what stands between two
/// entities in a chain of thought: "achromatopsia 3 | gene | CNGB3". `ask` and `ask_back` are how a
/// question tells to take the hop: "its gene", "another disease of that gene".
struct RelationWords {
  Relation relation;
  std::string_view name;  ///< in files: "has_gene"
  std::string_view word, back;
  std::string_view ask, ask_back;
};

constexpr std::array<RelationWords, kRelations> kRelationWords{{
    {Relation::kIsA, "is_a", "parent", "child", "parent", "child of it"},
    {Relation::kSameAs, "same_as", "heading", "term", "heading", "term for it"},
    {Relation::kGene, "has_gene", "gene", "gene of", "gene", "disease of that gene"},
    {Relation::kBand, "on_band", "band", "band of", "band", "gene in that band"},
    {Relation::kAgent, "has_basis", "cause", "cause of", "cause", "disease so caused"},
    {Relation::kPlace, "located_in", "site", "site of", "site", "disease at that site"},
    {Relation::kSymptom, "has_symptom", "symptom", "symptom of", "symptom",
     "disease with that symptom"},
    {Relation::kFeature, "has_feature", "sign", "sign of", "sign", "disease with that sign"},
    {Relation::kEffect, "results_in", "effect", "effect of", "effect", "disease with that effect"},
    {Relation::kRoute, "transmitted_by", "spread", "spread of", "spread", "disease spread so"},
    {Relation::kOrigin, "derives_from", "origin", "origin of", "origin", "disease of that origin"},
}};

constexpr const RelationWords& words_of(Relation relation) {
  return kRelationWords[static_cast<size_t>(relation)];
}

/// A relation in one of its directions: one hop.
struct Hop {
  Relation relation = Relation::kIsA;
  bool inverse = false;

  bool operator==(const Hop&) const = default;
};

/// What a chain of thought calls a hop: "gene", or "gene of" for its inverse.
constexpr std::string_view hop_word(Hop hop) {
  return hop.inverse ? words_of(hop.relation).back : words_of(hop.relation).word;
}

/// What a question calls the end of a hop; "its", "a" or "another" stands before it.
constexpr std::string_view hop_target(Hop hop) {
  return hop.inverse ? words_of(hop.relation).ask_back : words_of(hop.relation).ask;
}

/// The hop that a chain of thought calls `word`.
constexpr std::optional<Hop> hop_of(std::string_view word) {
  for (const RelationWords& words : kRelationWords) {
    if (words.word == word)
      return Hop{words.relation, false};
    if (words.back == word)
      return Hop{words.relation, true};
  }
  return std::nullopt;
}

/// The relation that files call `name`.
constexpr std::optional<Relation> relation_of(std::string_view name) {
  for (const RelationWords& words : kRelationWords)
    if (words.name == name)
      return words.relation;
  return std::nullopt;
}

/// Whether a hop says something that the hierarchy and the cross-references do not.
constexpr bool is_telling(Relation relation) {
  return relation != Relation::kIsA && relation != Relation::kSameAs;
}

}  // namespace nelumbo
