// SPDX-License-Identifier: Apache-2.0
#include "corpus/coverage.h"

#include <set>

#include <gtest/gtest.h>

#include "corpus/pubmedqa.h"

namespace nelumbo {
namespace {

const std::vector<EntityNames> kTree{{"Fever", "Pyrexia"}, {"Ear"}, {"Anemia, Sickle Cell"}};
const std::vector<EntityNames> kAsked{{"pyrexia"}, {"sickle cell anemia"}, {"Zebra"}, {"EAR"}};

TEST(Coverage, CountsEqualNames) {
  const Coverage forward = cover(kAsked, kTree, Likeness::kExact);
  EXPECT_EQ(forward.amcs(), 0.5);
  EXPECT_EQ(forward.entities[0].nearest, 0);
  EXPECT_EQ(forward.entities[2].nearest, -1);
  EXPECT_EQ(forward.weakest(3), (std::vector<int64_t>{1, 2, 0}));
  EXPECT_NEAR(cover(kTree, kAsked, Likeness::kExact).amcs(), 2.0 / 3, 1e-12);
}

TEST(Coverage, IsNoLowerByEmbedding) {
  const Coverage exact = cover(kAsked, kTree, Likeness::kExact);
  const Coverage embedded = cover(kAsked, kTree, Likeness::kEmbedding);
  for (size_t i = 0; i < kAsked.size(); ++i)
    EXPECT_GE(embedded.entities[i].likeness, exact.entities[i].likeness - 1e-6);
  EXPECT_GT(embedded.entities[1].likeness, 0.5);
  EXPECT_EQ(embedded.entities[1].nearest, 2);
  EXPECT_EQ(embedded.weakest(1), std::vector<int64_t>{2});
}

TEST(Coverage, IsNothingForNothing) {
  EXPECT_EQ(cover({}, kTree, Likeness::kExact).amcs(), 0);
  EXPECT_EQ(cover(kAsked, {}, Likeness::kEmbedding).amcs(), 0);
  EXPECT_TRUE(cover({}, {}, Likeness::kEmbedding).weakest(20).empty());
}

TEST(Coverage, FindsTheHeadingsOfPubmedqaInTheTree) {
  const auto tree = read_entity_tree(NELUMBO_SOURCE_DIR "/data");
  const auto records = read_pubmedqa(NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json");
  ASSERT_TRUE(tree.ok() && records.ok());
  std::set<std::string> headings;
  for (const PubmedqaRecord& record : records.value())
    headings.insert(record.headings.begin(), record.headings.end());
  std::vector<EntityNames> asked;
  for (const std::string& heading : headings)
    asked.push_back({heading});
  const std::vector<EntityNames> known = entity_names(tree.value());
  EXPECT_EQ(std::ssize(known), std::ssize(tree.value().nodes()) - 16);
  EXPECT_EQ(asked.size(), 2183U);
  EXPECT_GE(cover(asked, known, Likeness::kExact).amcs(), 0.98);
}

}  // namespace
}  // namespace nelumbo
