// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// What introduces an object in a definition of the Disease Ontology, underscored or not.
enum class Marker {
  kMaterialBasis,  ///< has_material_basis_in, also without "in"
  kLocated,        ///< located_in
  kSymptom,        ///< has_symptom
  kResults,        ///< results_in, results_in_formation_of
  kTransmitted,    ///< transmitted_by
  kDerives,        ///< derives_from
  kCharacterized,  ///< characterized by
};
constexpr size_t kMarkers = 7;
constexpr std::array<std::string_view, kMarkers> kMarkerNames{
    "has_material_basis_in", "located_in",   "has_symptom",     "results_in",
    "transmitted_by",        "derives_from", "characterized_by"};

/// A marker and what follows it, up to the next marker or the end of the clause.
struct DefinitionPhrase {
  Marker marker = Marker::kMaterialBasis;
  std::string object;  ///< without the connectives around it
};

/// All phrases of a definition, in its order. Ends of clauses: a full stop before a blank, a
/// semicolon, the words which, that, where, who, whose, and a parenthesis, which only a material
/// basis keeps: it may name the gene.
///
/// Example: "A viral infectious disease that results_in infection located_in joint, which is
/// transmitted_by Aedes mosquito bite. The infection has_symptom fever, has_symptom rash." gives
/// (results, "infection"), (located, "joint"), (transmitted, "Aedes mosquito bite"), (symptom,
/// "fever"), (symptom, "rash").
std::vector<DefinitionPhrase> phrases_of(std::string_view definition);

/// How often the name of `marker` stands in a definition as it is, underscores and all.
int64_t underscored(std::string_view definition, Marker marker);

/// The class that a definition opens with: "A Joubert syndrome that ..." gives "Joubert syndrome".
/// Empty when it opens otherwise.
std::string genus_of(std::string_view definition);

/// The parts of a list: "fever, headache, and rash" gives three. With `conjunctions`, " and " and
/// " or " part as well; else only where a comma stands before them.
std::vector<std::string> listed(std::string_view object, bool conjunctions);

}  // namespace nelumbo
