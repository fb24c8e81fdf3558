// SPDX-License-Identifier: Apache-2.0
#include "corpus/quality_classifier.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "base/rng.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

constexpr int kEpochs = 4;
constexpr double kRate = 0.5;
constexpr size_t kRun = 4;

uint32_t feature(char kind, std::string_view text) {
  const std::string named = kind + std::string(text);
  return static_cast<uint32_t>(xxh3_64(bytes_of(named)) % kQualityFeatures);
}

double norm(const std::vector<uint32_t>& features) {
  return 1 / std::sqrt(static_cast<double>(std::max<size_t>(1, features.size())));
}

}  // namespace

std::vector<uint32_t> quality_features(std::string_view text) {
  std::vector<uint32_t> features;
  std::string previous;
  for (std::string& word : words_of(text)) {
    features.push_back(feature('w', word));
    previous.append(" ").append(word);
    features.push_back(feature('p', previous));
    previous = std::move(word);
  }
  const std::string lowered = lower_case(text);
  for (size_t at = 0; at + kRun <= lowered.size(); ++at)
    features.push_back(feature('c', std::string_view(lowered).substr(at, kRun)));
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
  return features;
}

double QualityClassifier::score(const std::vector<uint32_t>& features) const {
  double sum = 0;
  for (const uint32_t index : features)
    sum += weights_[index];
  return 1 / (1 + std::exp(-(bias_ + sum * norm(features))));
}

void QualityClassifier::step(const QualityExample& example, double rate) {
  const double fault = (example.good ? 1 : 0) - score(*example.features);
  const auto move = static_cast<float>(rate * fault * norm(*example.features));
  for (const uint32_t index : *example.features)
    weights_[index] += move;
  bias_ += rate * fault * 0.1;
}

void QualityClassifier::train(const std::vector<QualityExample>& examples, uint64_t seed) {
  std::vector<const QualityExample*> good, bad;
  for (const QualityExample& example : examples)
    (example.good ? good : bad).push_back(&example);
  NELUMBO_CHECK(!good.empty() && !bad.empty());
  std::fill(weights_.begin(), weights_.end(), 0.0F);
  bias_ = 0;
  const size_t pairs = std::max(good.size(), bad.size());
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    Random random(seed, Purpose::kData, static_cast<uint64_t>(epoch));
    const double rate = kRate / (1 + epoch);
    for (size_t i = 0; i < pairs; ++i) {
      step(*good[static_cast<size_t>(random.below(std::ssize(good)))], rate);
      step(*bad[static_cast<size_t>(random.below(std::ssize(bad)))], rate);
    }
  }
}

}  // namespace nelumbo
