// SPDX-License-Identifier: Apache-2.0
#include "corpus/relations.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/small_graph.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// "subject relation object", by ids.
std::set<std::string> facts(const Relations& relations) {
  std::set<std::string> all;
  for (const Triple& triple : relations.triples)
    all.insert(relations.entities[static_cast<size_t>(triple.subject)].id + " " +
               std::string(words_of(triple.relation).name) + " " +
               relations.entities[static_cast<size_t>(triple.object)].id);
  return all;
}

std::set<std::string> facts_of(const std::string& definition) {
  const std::vector<OboTerm> terms{obo_term("D:1", "plague", definition),
                                   obo_term("D:2", "nausea", ""), obo_term("D:3", "vomiting", ""),
                                   obo_term("D:4", "ataxia", "")};
  return facts(extract_relations(terms, {}));
}

using Facts = std::set<std::string>;

TEST(Relations, GenesAndBandsComeFromTheMaterialBasis) {
  EXPECT_EQ(
      facts_of("An X that has_material_basis_in mutation in the AAA1 gene on chromosome 1p11.2."),
      (Facts{"D:1 has_gene gene:AAA1", "gene:AAA1 on_band band:1p11"}));
}

TEST(Relations, OtherMaterialBasesAreCauses) {
  EXPECT_EQ(facts_of("An X that has_material_basis_in Lujo virus (Mammarenavirus lujoense)."),
            Facts{"D:1 has_basis cause:lujo virus"});
}

TEST(Relations, KnownObjectsAreEntitiesAndOthersLiterals) {
  EXPECT_EQ(
      facts_of("It has_symptom nausea and vomiting, has_symptom stiff neck."),
      (Facts{"D:1 has_symptom D:2", "D:1 has_symptom D:3", "D:1 has_symptom symptom:stiff neck"}));
}

TEST(Relations, FeaturesAreKnownOrNothing) {
  EXPECT_EQ(
      facts_of("An X characterized by progressive ataxia, strange gait and absence of nausea."),
      Facts{"D:1 has_feature D:4"});
}

TEST(Relations, TheGenusIsAParent) {
  EXPECT_EQ(facts_of("An ataxia that is bad."), Facts{"D:1 is_a D:4"});
}

TEST(Relations, AGeneWithoutAMajorityOfBandsLiesOnNone) {
  const auto definition = [](const std::string& band) {
    return "An X that has_material_basis_in mutation in the AAA1 gene on chromosome " + band + ".";
  };
  std::vector<OboTerm> terms{obo_term("D:1", "one", definition("1p11")),
                             obo_term("D:2", "two", definition("2p22"))};
  EXPECT_FALSE(facts(extract_relations(terms, {})).contains("gene:AAA1 on_band band:1p11"));
  terms.push_back(obo_term("D:3", "three", definition("1p11.3")));
  EXPECT_TRUE(facts(extract_relations(terms, {})).contains("gene:AAA1 on_band band:1p11"));
}

TEST(Relations, MeshGivesParentsAndTheSameInItsBranches) {
  std::vector<OboTerm> terms{obo_term("D:1", "eye cancer", "")};
  terms[0].xrefs = {"MESH:M2", "MESH:M3", "UMLS_CUI:C1"};
  std::vector<MeshDescriptor> headings(3);
  headings[0].id = "M1";
  headings[0].name = "Neoplasms";
  headings[0].tree_numbers = {"C04"};
  headings[1].id = "M2";
  headings[1].name = "Eye Neoplasms";
  headings[1].tree_numbers = {"C04.588", "C11.319"};
  headings[2].id = "M3";
  headings[2].name = "Viruses";
  headings[2].tree_numbers = {"B04"};
  const Relations relations = extract_relations(terms, headings);
  EXPECT_EQ(facts(relations), (Facts{"D:1 same_as MESH:M2", "MESH:M2 is_a MESH:M1"}));
}

TEST(Relations, ObsoleteTermsAreLeftOut) {
  std::vector<OboTerm> terms{obo_term("D:1", "one", "It has_symptom fever."),
                             obo_term("D:2", "two", "", {"D:1"})};
  terms[0].obsolete = true;
  const Relations relations = extract_relations(terms, {});
  EXPECT_EQ(relations.entities.size(), 1U);
  EXPECT_TRUE(relations.triples.empty());
}

TEST(Relations, AreNotReadFromACycle) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "mesh");
  std::filesystem::create_directories(folder / "disease-ontology");
  std::ofstream(folder / "mesh/terms.tsv") << "mesh_id\tmesh_name\nM1\tFever\n";
  std::ofstream(folder / "mesh/tree-numbers.tsv")
      << "mesh_id\tmesh_name\tmesh_tree_number\nM1\tFever\tC01\n";
  const std::string path = folder / "disease-ontology/DO_rare_slim.obo";
  std::ofstream(path) << "[Term]\nid: D:1\nname: one\n";
  EXPECT_TRUE(read_relations(folder.path()).ok());
  std::ofstream(path) << "[Term]\nid: D:1\nname: one\nis_a: D:1\n";
  const Result<Relations> read = read_relations(folder.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message,
            path + ":1: is_a runs in a cycle, D:1 -> D:1; delete one of these is_a");
}

TEST(Relations, OfTheShippedDataAreAsCounted) {
  const std::string data = std::string(NELUMBO_SOURCE_DIR) + "/data";
  const auto terms = read_obo(data + "/disease-ontology/DO_rare_slim.obo");
  const auto headings = read_mesh(data + "/mesh");
  ASSERT_TRUE(terms && headings);
  const Relations relations = extract_relations(terms.value(), headings.value());
  const auto marker = [&](Marker one) { return relations.markers[static_cast<size_t>(one)]; };
  EXPECT_EQ(marker(Marker::kMaterialBasis).underscored, 2108);
  EXPECT_EQ(marker(Marker::kSymptom).underscored, 320);
  EXPECT_EQ(marker(Marker::kLocated).underscored, 191);
  const auto counts = relations.count_by_relation();
  EXPECT_EQ(counts[static_cast<size_t>(Relation::kSameAs)], 1063);
  EXPECT_GE(counts[static_cast<size_t>(Relation::kIsA)], 29219 + 1609);
  EXPECT_GE(counts[static_cast<size_t>(Relation::kGene)], 1700);
}

}  // namespace
}  // namespace nelumbo
