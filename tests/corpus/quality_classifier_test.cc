// SPDX-License-Identifier: Apache-2.0
#include "corpus/quality_classifier.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const std::vector<std::string> kGood{"the heart pumps blood into the body",
                                     "the lung takes oxygen from the air",
                                     "the liver makes bile for the gut"};
const std::vector<std::string> kBad{"cheap pills order today best offer",
                                    "order cheap watches now offer ends",
                                    "best casino offer win money today"};

QualityClassifier trained(std::vector<std::vector<uint32_t>>& features, uint64_t seed) {
  std::vector<QualityExample> examples;
  features.clear();
  for (const auto* texts : {&kGood, &kBad})
    for (const std::string& text : *texts)
      features.push_back(quality_features(text));
  for (size_t i = 0; i < features.size(); ++i)
    examples.push_back({&features[i], i < kGood.size()});
  std::vector<QualityExample> often;
  for (int i = 0; i < 20; ++i)
    often.insert(often.end(), examples.begin(), examples.end());
  QualityClassifier classifier;
  classifier.train(often, seed);
  return classifier;
}

TEST(QualityClassifier, TellsWhatItLearnedFromWhatItHasNotSeen) {
  std::vector<std::vector<uint32_t>> features;
  const QualityClassifier classifier = trained(features, 1);
  EXPECT_GT(classifier.score(quality_features("the blood takes oxygen to the liver")), 0.7);
  EXPECT_LT(classifier.score(quality_features("order best pills now cheap money")), 0.3);
}

TEST(QualityClassifier, IsTheSameForTheSameSeed) {
  std::vector<std::vector<uint32_t>> features;
  const auto text = quality_features("the offer of the body");
  EXPECT_EQ(trained(features, 7).score(text), trained(features, 7).score(text));
  EXPECT_NE(trained(features, 7).score(text), trained(features, 8).score(text));
}

TEST(QualityClassifier, HasEachFeatureOnce) {
  EXPECT_EQ(quality_features("no no no no"), quality_features("no no no no no"));
  EXPECT_TRUE(quality_features("").empty());
  EXPECT_EQ(QualityClassifier().score({}), 0.5);
}

}  // namespace
}  // namespace nelumbo
