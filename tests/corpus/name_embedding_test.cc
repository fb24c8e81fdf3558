// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_embedding.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const std::vector<std::string> kNames{"Neoplasms", "Breast Neoplasms", "Fever", "Tick Fever"};

TEST(NameEmbedding, FindsAnEqualNameAtOne) {
  const NearestName nearest = NameEmbedding(kNames).nearest("breast neoplasms");
  EXPECT_EQ(nearest.name, 1);
  EXPECT_NEAR(nearest.cosine, 1, 1e-6);
}

TEST(NameEmbedding, FindsANameThatIsSpeltAlike) {
  const NearestName nearest = NameEmbedding(kNames).nearest("neoplasm");
  EXPECT_EQ(nearest.name, 0);
  EXPECT_GT(nearest.cosine, 0.6);
  EXPECT_LT(nearest.cosine, 1);
}

TEST(NameEmbedding, FindsNothingWithoutACommonRun) {
  EXPECT_EQ(NameEmbedding(kNames).nearest("xyz").name, -1);
  EXPECT_EQ(NameEmbedding({}).nearest("fever").name, -1);
  EXPECT_EQ(NameEmbedding(kNames).nearest("").name, -1);
}

/// By hand: "ab" is " ab " with the runs " ab", "ab " and " ab "; "abc" shares only " ab".
TEST(NameEmbedding, HasTheCosineOfItsFormula) {
  const std::vector<std::string> names{"ab", "abc"};
  const double common = 1 + std::log(3.0 / 3), rare = 1 + std::log(3.0 / 2);
  const double ab = std::sqrt(common * common + 2 * rare * rare);
  const double unseen = 1 + std::log(3.0);
  const double abd = std::sqrt(common * common + 4 * unseen * unseen);  // " abd" "abd" "bd " "abd "
  const NearestName nearest = NameEmbedding(names).nearest("abd");
  EXPECT_EQ(nearest.name, 0);
  EXPECT_NEAR(nearest.cosine, common * common / (ab * abd), 1e-6);
}

}  // namespace
}  // namespace nelumbo
