// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace nelumbo {

/// What an entity is.
enum class EntityKind {
  kAnatomy,
  kOrganism,
  kDisease,
  kSymptom,
  kChemical,
  kModality,   ///< a way to take a picture of a patient
  kTechnique,  ///< of diagnosis or therapy, or equipment
  kMind,       ///< behaviour, mental processes, psychology
  kProcess,    ///< of physics or of the living
  kPeople,
  kCare,
  kPlace,
  kOther,
};

/// "disease"
std::string_view to_string(EntityKind kind);

/// The kind of what stands at a place of the MeSH trees: "C23.888.119" is a symptom.
EntityKind kind_of_place(std::string_view tree_number);

/// One of the sixteen topmost branches of MeSH.
struct MeshBranch {
  char letter;
  std::string_view name;
};

std::span<const MeshBranch> mesh_branches();

}  // namespace nelumbo
