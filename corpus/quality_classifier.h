// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nelumbo {

/// The features of a text: hashes of its words, pairs of words and runs of four characters, each
/// once, in [0, kQualityFeatures).
std::vector<uint32_t> quality_features(std::string_view text);

constexpr size_t kQualityFeatures = 1 << 18;

/// What the classifier learns from.
struct QualityExample {
  const std::vector<uint32_t>* features = nullptr;  ///< must outlive the training
  bool good = false;
};

/// Logistic regression over hashed n-grams:
///
///     P(good | text) = sigmoid(bias + sum of w[f] / sqrt(|features|))
///
/// trained by stochastic gradient descent in a seeded order; the rarer class weighs as much as the
/// other. Same examples and seed, same weights.
class QualityClassifier {
 public:
  QualityClassifier() : weights_(kQualityFeatures) {}

  /// Starts from nothing. REQUIRES: both classes have an example.
  void train(const std::vector<QualityExample>& examples, uint64_t seed);

  /// P(good).
  double score(const std::vector<uint32_t>& features) const;

 private:
  void step(const QualityExample& example, double rate);

  std::vector<float> weights_;
  double bias_ = 0;
};

}  // namespace nelumbo
