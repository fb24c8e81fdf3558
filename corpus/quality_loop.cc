// SPDX-License-Identifier: Apache-2.0
#include "corpus/quality_loop.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "corpus/quality_classifier.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostRounds = 5;
constexpr int64_t kLeastSeeds = 20;
constexpr double kSureBad = 0.05, kSureGood = 0.95;
constexpr double kHighestThreshold = 0.5;
constexpr uint64_t kFolds = 5;

/// One text on its way through the loop.
struct Candidate {
  std::vector<uint32_t> features;
  Seed seed = Seed::kUndecided;
  Seed now = Seed::kUndecided;
  uint64_t fold = 0;
  bool second_half = false;
};

std::vector<Candidate> candidates_of(const std::vector<std::string>& texts,
                                     const std::vector<Seed>& seeds) {
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < texts.size(); ++i) {
    const uint64_t hash = xxh3_64(bytes_of(texts[i]));
    candidates.push_back({.features = quality_features(texts[i]),
                          .seed = seeds[i],
                          .now = seeds[i],
                          .fold = hash % kFolds,
                          .second_half = hash / kFolds % 2 == 1});
  }
  return candidates;
}

/// The examples among the candidates that `wanted` says yes to.
template <class Wanted>
std::vector<QualityExample> examples_of(const std::vector<Candidate>& candidates,
                                        const Wanted& wanted) {
  std::vector<QualityExample> examples;
  for (const Candidate& candidate : candidates)
    if (candidate.now != Seed::kUndecided && wanted(candidate))
      examples.push_back({&candidate.features, candidate.now == Seed::kGood});
  return examples;
}

bool has_both(const std::vector<QualityExample>& examples) {
  const int64_t good =
      std::count_if(examples.begin(), examples.end(), [](const auto& e) { return e.good; });
  return good >= kLeastSeeds / 4 && std::ssize(examples) - good >= kLeastSeeds / 4;
}

/// The verdict on which both halves are sure, if they are.
Seed agreed(double one, double other) {
  if (std::max(one, other) < kSureBad)
    return Seed::kBad;
  return std::min(one, other) > kSureGood ? Seed::kGood : Seed::kUndecided;
}

/// Makes sure, agreed verdicts examples; says whether anything changed.
bool adopt(std::vector<Candidate>& candidates, uint64_t seed) {
  const auto first_half = examples_of(candidates, [](const auto& c) { return !c.second_half; });
  const auto second_half = examples_of(candidates, [](const auto& c) { return c.second_half; });
  if (!has_both(first_half) || !has_both(second_half))
    return false;
  QualityClassifier first, second;
  first.train(first_half, seed);
  second.train(second_half, seed + 1);
  bool changed = false;
  for (Candidate& candidate : candidates) {
    if (candidate.seed != Seed::kUndecided)
      continue;
    const Seed verdict = agreed(first.score(candidate.features), second.score(candidate.features));
    changed = changed || verdict != candidate.now;
    candidate.now = verdict;
  }
  return changed;
}

/// The scores of the seeds, lowest first, each by a classifier that has not seen it.
struct HeldOutScores {
  std::vector<double> good, bad;
};

HeldOutScores held_out_scores(const std::vector<Candidate>& candidates, uint64_t seed) {
  HeldOutScores scores;
  for (uint64_t fold = 0; fold < kFolds; ++fold) {
    const auto others = examples_of(candidates, [&](const auto& c) { return c.fold != fold; });
    if (!has_both(others))
      continue;
    QualityClassifier classifier;
    classifier.train(others, seed);
    for (const Candidate& candidate : candidates)
      if (candidate.fold == fold && candidate.seed != Seed::kUndecided)
        (candidate.seed == Seed::kGood ? scores.good : scores.bad)
            .push_back(classifier.score(candidate.features));
  }
  std::sort(scores.good.begin(), scores.good.end());
  std::sort(scores.bad.begin(), scores.bad.end());
  return scores;
}

double share_below(const std::vector<double>& sorted, double threshold) {
  if (sorted.empty())
    return 0;
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), threshold) - sorted.begin();
  return static_cast<double>(below) / static_cast<double>(sorted.size());
}

void set_threshold(const HeldOutScores& scores, double most_lost, QualityReport& report) {
  const auto& [good, bad] = scores;
  if (good.empty() || bad.empty())
    return;
  const auto lost = static_cast<size_t>(most_lost * static_cast<double>(good.size()));
  report.threshold = std::min(kHighestThreshold, good[lost]);
  report.held_out_kept = 1 - share_below(good, report.threshold);
  report.held_out_caught = share_below(bad, report.threshold);
  if (report.held_out_caught <= 1 - report.held_out_kept)
    report.threshold = 0;
}

}  // namespace

QualityReport bootstrap_quality(const std::vector<std::string>& texts,
                                const std::vector<Seed>& seeds, uint64_t seed, double most_lost) {
  NELUMBO_CHECK(texts.size() == seeds.size());
  QualityReport report;
  report.leaves.resize(texts.size());
  const int64_t bad = std::count(seeds.begin(), seeds.end(), Seed::kBad);
  const int64_t good = std::count(seeds.begin(), seeds.end(), Seed::kGood);
  if (std::min(bad, good) < kLeastSeeds)
    return report;
  std::vector<Candidate> candidates = candidates_of(texts, seeds);
  bool changed = true;
  while (changed && report.rounds < kMostRounds) {
    changed = adopt(candidates, seed + 2 * static_cast<uint64_t>(report.rounds));
    ++report.rounds;
  }
  const std::vector<QualityExample> examples =
      examples_of(candidates, [](const auto&) { return true; });
  QualityClassifier classifier;
  classifier.train(examples, seed);
  report.good =
      std::count_if(examples.begin(), examples.end(), [](const auto& e) { return e.good; });
  report.bad = std::ssize(examples) - report.good;
  set_threshold(held_out_scores(candidates, seed), most_lost, report);
  for (size_t i = 0; i < candidates.size(); ++i)
    report.leaves[i] = candidates[i].seed != Seed::kBad &&
                       classifier.score(candidates[i].features) < report.threshold;
  return report;
}

}  // namespace nelumbo
