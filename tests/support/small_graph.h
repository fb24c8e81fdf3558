// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "corpus/multi_hop.h"

namespace nelumbo {

inline OboTerm obo_term(const std::string& id, const std::string& name,
                        const std::string& definition,
                        const std::vector<std::string>& parents = {}) {
  OboTerm term;
  term.id = id;
  term.name = name;
  term.definition = definition;
  term.is_a = parents;
  return term;
}

/// Three families of two diseases each, with a gene and a sign of their own; two genes on one band.
///
///     alpha 1 - AAA1 - 1p11 - BBB1 - beta 1 - tremor - beta 2 - BBB2 - 2q22 - CCC1 - gamma 1
inline std::vector<OboTerm> small_terms() {
  return {
      obo_term("D:1", "alphosis", ""),
      obo_term("D:2", "betosis", ""),
      obo_term("D:3", "gammosis", ""),
      obo_term("D:4", "tremor", ""),
      obo_term(
          "D:11", "pale skin alphosis",
          "An alphosis that has_material_basis_in mutation in the AAA1 gene on chromosome 1p11.2.",
          {"D:1"}),
      obo_term("D:12", "dark skin alphosis", "An alphosis that has_symptom fever.", {"D:1"}),
      obo_term(
          "D:21", "early betosis",
          "A betosis that is characterized by tremor and has_material_basis_in mutation in the "
          "BBB1 gene on chromosome 1p11.",
          {"D:2"}),
      obo_term("D:22", "late betosis",
               "A betosis characterized by tremor that has_material_basis_in mutation in the BBB2 "
               "gene on chromosome 2q22.",
               {"D:2"}),
      obo_term(
          "D:31", "winter gammosis",
          "A gammosis that has_material_basis_in mutation in the CCC1 gene on chromosome 2q22.1.",
          {"D:3"}),
      obo_term("D:32", "summer gammosis", "A gammosis that has_symptom thirst.", {"D:3"}),
  };
}

inline Relations small_relations() {
  return extract_relations(small_terms(), {});
}

/// pale skin alphosis -> AAA1 -> 1p11 -> BBB1 -> early betosis, asked for with nothing shown.
inline MultiHopItem small_item() {
  MultiHopItem item;
  item.id = "multihop/1/D:11/0";
  item.path = {{"D:11", "pale skin alphosis", true},
               {"gene:AAA1", "AAA1", false},
               {"band:1p11", "1p11", false},
               {"gene:BBB1", "BBB1", false},
               {"D:21", "early betosis", false}};
  item.hops = {{Relation::kGene, false},
               {Relation::kBand, false},
               {Relation::kBand, true},
               {Relation::kGene, true}};
  item.question =
      "Start at pale skin alphosis. Take its gene, then its band, then another gene in that band, "
      "then another disease of that gene. What is it?";
  item.choices = {"late betosis", "early betosis", "winter gammosis"};
  return item;
}

}  // namespace nelumbo
