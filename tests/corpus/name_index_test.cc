// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_index.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(NameIndex, KeysFoldCaseHyphensArticlesAndPlurals) {
  EXPECT_EQ(name_key("The B-cell Lymphomas"), "b cell lymphoma");
  EXPECT_EQ(name_key("biopsies"), "biopsy");
  EXPECT_EQ(name_key("Alzheimer's disease"), "alzheimer disease");
  EXPECT_EQ(name_key("virus, pelvis, loss"), "virus pelvis loss");
}

TEST(NameIndex, KeysTurnMeshNamesRound) {
  EXPECT_EQ(name_key("Anemia, Hemolytic"), "hemolytic anemia");
  EXPECT_EQ(name_key("a, b c, d"), "b c d");
}

TEST(NameIndex, FindsBySpelling) {
  NameIndex names;
  names.add("Eye Neoplasms", 4);
  EXPECT_EQ(names.find("neoplasm, eye"), 4);
  EXPECT_FALSE(names.find("eye"));
}

TEST(NameIndex, GivesANameToTheFirstWhoTakesIt) {
  NameIndex names;
  names.add("fever", 1);
  names.add("Fevers", 2);
  names.add("...", 3);
  EXPECT_EQ(names.find("fever"), 1);
  EXPECT_EQ(names.size(), 1);
}

}  // namespace
}  // namespace nelumbo
