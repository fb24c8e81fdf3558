// SPDX-License-Identifier: Apache-2.0
#include "corpus/definition_phrases.h"

#include <utility>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Found = std::vector<std::pair<Marker, std::string>>;
using Texts = std::vector<std::string>;

Found found(std::string_view definition) {
  Found all;
  for (const DefinitionPhrase& phrase : phrases_of(definition))
    all.emplace_back(phrase.marker, phrase.object);
  return all;
}

TEST(DefinitionPhrases, AreFoundInTheirOrder) {
  EXPECT_EQ(
      found("A viral infectious disease that results_in infection located_in joint, "
            "has_material_basis_in Chikungunya virus (Alphavirus chikungunya), which is "
            "transmitted_by Aedes mosquito bite. The infection has_symptom fever, has_symptom "
            "arthralgia, and has_symptom rash."),
      (Found{{Marker::kResults, "infection"},
             {Marker::kLocated, "joint"},
             {Marker::kMaterialBasis, "Chikungunya virus (Alphavirus chikungunya)"},
             {Marker::kTransmitted, "Aedes mosquito bite"},
             {Marker::kSymptom, "fever"},
             {Marker::kSymptom, "arthralgia"},
             {Marker::kSymptom, "rash"}}));
}

TEST(DefinitionPhrases, MayBeWrittenWithBlanks) {
  EXPECT_EQ(found("A disease that results in infection located in skin or located in bone."),
            (Found{{Marker::kResults, "infection"},
                   {Marker::kLocated, "skin"},
                   {Marker::kLocated, "bone"}}));
}

TEST(DefinitionPhrases, EndWithTheirClause) {
  EXPECT_EQ(
      found("A disease that has_symptom pruritic plaque, which slowly enlarges.").front().second,
      "pruritic plaque");
  EXPECT_EQ(found("A cancer that is located_in the pancreas (head). It grows.").front().second,
            "pancreas");
}

TEST(DefinitionPhrases, KeepTheLongerMarker) {
  EXPECT_EQ(found("The infection results_in_formation_of skin lesions."),
            (Found{{Marker::kResults, "skin lesions"}}));
  EXPECT_EQ(found("An X that has_material_basis_in deletions of NPHP1."),
            (Found{{Marker::kMaterialBasis, "deletions of NPHP1"}}));
}

TEST(DefinitionPhrases, CountsTheFormalWordAlone) {
  const std::string text = "has_symptom fever, has symptom rash, results_in_formation_of skin";
  EXPECT_EQ(underscored(text, Marker::kSymptom), 1);
  EXPECT_EQ(underscored(text, Marker::kResults), 0);
}

TEST(DefinitionPhrases, OpensWithTheGenus) {
  EXPECT_EQ(genus_of("A Joubert syndrome that has_material_basis_in deletions."),
            "Joubert syndrome");
  EXPECT_EQ(genus_of("An endocarditis characterized by inflammation."), "endocarditis");
  EXPECT_EQ(genus_of("Deficiency of something."), "");
  EXPECT_EQ(genus_of(""), "");
}

TEST(DefinitionPhrases, ListsPartAtCommasAndConjunctions) {
  EXPECT_EQ(listed("fever, headache, and rash", false), (Texts{"fever", "headache", "rash"}));
  EXPECT_EQ(listed("nausea and vomiting", false), Texts{"nausea and vomiting"});
  EXPECT_EQ(listed("nausea and vomiting", true), (Texts{"nausea", "vomiting"}));
  EXPECT_EQ(listed("", true), Texts{});
}

}  // namespace
}  // namespace nelumbo
