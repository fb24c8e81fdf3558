// SPDX-License-Identifier: Apache-2.0
#include "corpus/quality_loop.h"

#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

/// Sentences of eight words drawn from a list.
std::string sentence(const std::vector<std::string>& words, Random& random) {
  std::string text;
  for (int i = 0; i < 8; ++i)
    text += words[static_cast<size_t>(random.below(std::ssize(words)))] + " ";
  return text;
}

struct Material {
  std::vector<std::string> texts;
  std::vector<Seed> seeds;
};

/// Good and bad seeds, then ten undecided texts of each sort, good ones first.
Material material(int good, int bad) {
  const std::vector<std::string> sound{"heart", "lung",  "liver", "blood", "treats",
                                       "fever", "shows", "nerve", "acute", "patient"};
  const std::vector<std::string> spam{"casino", "cheap", "order", "offer", "win",
                                      "pills",  "money", "today", "bonus", "click"};
  Material made;
  Random random(3, Purpose::kData);
  const auto add = [&](const std::vector<std::string>& words, Seed seed, int count) {
    for (int i = 0; i < count; ++i) {
      made.texts.push_back(sentence(words, random));
      made.seeds.push_back(seed);
    }
  };
  add(sound, Seed::kGood, good);
  add(spam, Seed::kBad, bad);
  add(sound, Seed::kUndecided, 10);
  add(spam, Seed::kUndecided, 10);
  return made;
}

TEST(QualityLoop, SendsWhatReadsLikeTheBadAway) {
  const Material made = material(300, 100);
  const QualityReport report = bootstrap_quality(made.texts, made.seeds, 1);
  EXPECT_GT(report.rounds, 1);
  EXPECT_GT(report.bad, 80) << "undecided texts became examples";
  EXPECT_EQ(report.held_out_kept, 1);
  EXPECT_GT(report.held_out_caught, 0.9);
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_FALSE(report.leaves[400 + i]) << made.texts[400 + i];
    EXPECT_TRUE(report.leaves[410 + i]) << made.texts[410 + i];
  }
}

TEST(QualityLoop, LearnsNothingFromTooFew) {
  const Material made = material(300, 19);
  const QualityReport report = bootstrap_quality(made.texts, made.seeds, 1);
  EXPECT_EQ(report.rounds, 0);
  EXPECT_EQ(report.leaves, std::vector<bool>(made.texts.size()));
}

TEST(QualityLoop, IsTheSameForTheSameSeed) {
  const Material made = material(100, 50);
  EXPECT_EQ(bootstrap_quality(made.texts, made.seeds, 5).threshold,
            bootstrap_quality(made.texts, made.seeds, 5).threshold);
}

}  // namespace
}  // namespace nelumbo
