// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_kind.h"

#include <array>

namespace nelumbo {
namespace {

constexpr std::array<MeshBranch, 16> kBranches{
    {{'A', "Anatomy"},
     {'B', "Organisms"},
     {'C', "Diseases"},
     {'D', "Chemicals and Drugs"},
     {'E', "Analytical, Diagnostic and Therapeutic Techniques, and Equipment"},
     {'F', "Psychiatry and Psychology"},
     {'G', "Phenomena and Processes"},
     {'H', "Disciplines and Occupations"},
     {'I', "Anthropology, Education, Sociology, and Social Phenomena"},
     {'J', "Technology, Industry, and Agriculture"},
     {'K', "Humanities"},
     {'L', "Information Science"},
     {'M', "Named Groups"},
     {'N', "Health Care"},
     {'V', "Publication Characteristics"},
     {'Z', "Geographicals"}}};

struct KindRule {
  std::string_view prefix;
  EntityKind kind;
};

/// The first that fits.
constexpr auto kKinds = std::to_array<KindRule>({{"A", EntityKind::kAnatomy},
                                                 {"B", EntityKind::kOrganism},
                                                 {"C23.888", EntityKind::kSymptom},
                                                 {"C", EntityKind::kDisease},
                                                 {"D", EntityKind::kChemical},
                                                 {"E01.370.350", EntityKind::kModality},
                                                 {"E", EntityKind::kTechnique},
                                                 {"F03", EntityKind::kDisease},
                                                 {"F", EntityKind::kMind},
                                                 {"G", EntityKind::kProcess},
                                                 {"M", EntityKind::kPeople},
                                                 {"N", EntityKind::kCare},
                                                 {"Z", EntityKind::kPlace}});

}  // namespace

std::string_view to_string(EntityKind kind) {
  constexpr std::array<std::string_view, 13> kNames{
      "anatomy", "organism", "disease", "symptom", "chemical", "modality", "technique",
      "mind",    "process",  "people",  "care",    "place",    "other"};
  return kNames[static_cast<size_t>(kind)];
}

EntityKind kind_of_place(std::string_view tree_number) {
  for (const KindRule& rule : kKinds)
    if (tree_number.starts_with(rule.prefix))
      return rule.kind;
  return EntityKind::kOther;
}

std::span<const MeshBranch> mesh_branches() {
  return kBranches;
}

}  // namespace nelumbo
