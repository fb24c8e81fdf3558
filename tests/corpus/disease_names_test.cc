// SPDX-License-Identifier: Apache-2.0
#include "corpus/disease_names.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

DiseaseNames some_names() {
  DiseaseNames names;
  names.add("Ichthyosis", 1);
  names.add("Ichthyosis, X-Linked", 2);
  names.add("Bone Diseases", 3);
  names.add("Syndrome", 4);
  names.add("AIDS", 5);
  names.add("ichthyosis", 6);
  return names;
}

TEST(DiseaseNames, FindWholeNamesInAnyCase) {
  const DiseaseNames names = some_names();
  EXPECT_EQ(names.find("X-linked ichthyosis"), 2);
  EXPECT_EQ(names.find("ICHTHYOSIS"), 1);
  EXPECT_EQ(names.find("AIDS"), std::nullopt);
}

TEST(DiseaseNames, FindWhatAPhraseEndsIn) {
  const DiseaseNames names = some_names();
  EXPECT_EQ(names.at_end("mild ichthyosis type 2A")->node, 1);
  EXPECT_EQ(names.at_end("recessive X-linked ichthyosis")->node, 2);
  EXPECT_TRUE(names.at_end("Noonan syndrome 1")->general);
  EXPECT_FALSE(names.at_end("ichthyosis of birds").has_value());
}

TEST(DiseaseNames, FindWhatADefinitionBeginsWith) {
  const DiseaseNames names = some_names();
  EXPECT_EQ(names.genus("A rare bone disease that has symptom ichthyosis.")->node, 3);
  EXPECT_FALSE(names.genus("").has_value());
}

TEST(DiseaseNames, FindTheLongestWithin) {
  const DiseaseNames names = some_names();
  EXPECT_EQ(names.within("a syndrome of x-linked ichthyosis in bone")->node, 2);
  EXPECT_FALSE(names.within("a syndrome").has_value());
}

}  // namespace
}  // namespace nelumbo
