// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_kind.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(EntityKind, IsToldByThePlace) {
  EXPECT_EQ(kind_of_place("C04.588.180"), EntityKind::kDisease);
  EXPECT_EQ(kind_of_place("C23.888.119"), EntityKind::kSymptom);
  EXPECT_EQ(kind_of_place("F03.087"), EntityKind::kDisease);
  EXPECT_EQ(kind_of_place("E01.370.350.500"), EntityKind::kModality);
  EXPECT_EQ(kind_of_place("E04.100"), EntityKind::kTechnique);
  EXPECT_EQ(kind_of_place("K01"), EntityKind::kOther);
}

TEST(EntityKind, HasAWord) {
  EXPECT_EQ(to_string(EntityKind::kAnatomy), "anatomy");
  EXPECT_EQ(to_string(EntityKind::kOther), "other");
}

TEST(MeshBranches, AreSixteen) {
  EXPECT_EQ(mesh_branches().size(), 16U);
  EXPECT_EQ(mesh_branches()[2].name, "Diseases");
}

}  // namespace
}  // namespace nelumbo
