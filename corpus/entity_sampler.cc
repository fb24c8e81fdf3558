// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "base/rng.h"

namespace nelumbo {
namespace {

/// Other draws of Purpose::kData have another number.
constexpr uint32_t kStream = 0x456E74;

size_t at(int64_t index) {
  return static_cast<size_t>(index);
}

}  // namespace

EntitySampler::EntitySampler(std::vector<std::vector<EntityCount>> documents, int64_t nodes,
                             EntitySamplingConfig config, uint64_t seed,
                             std::vector<double> factors)
    : documents_(std::move(documents)),
      factors_(std::move(factors)),
      config_(config),
      seed_(seed),
      read_(at(nodes)) {
  factors_.resize(documents_.size(), 1);
  for (const std::vector<EntityCount>& entities : documents_)
    for (const EntityCount& entity : entities)
      ++read_[at(entity.node)];
  const double all = std::accumulate(read_.begin(), read_.end(), 0.0);
  const auto named = std::count_if(read_.begin(), read_.end(), [](double n) { return n > 0; });
  if (named > 0)
    target_ = all / static_cast<double>(named);
  weigh();
}

void EntitySampler::weigh() {
  const auto passes = static_cast<double>(epoch_ + 1);
  weights_ = factors_;
  for (size_t i = 0; i < documents_.size(); ++i) {
    double most = 0;
    for (const EntityCount& entity : documents_[i])
      most = std::max(most, std::pow(target_ * passes / read_[at(entity.node)], config_.exponent));
    if (!documents_[i].empty())
      weights_[i] *= std::clamp(most, config_.least, config_.most);
  }
}

/// Ticks at even distances, the first at a random place, along documents laid end to end by weight.
std::vector<int64_t> EntitySampler::systematic(int64_t draws) const {
  const double all = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  const double step = all / static_cast<double>(draws);
  Random random(seed_, Purpose::kData, static_cast<uint64_t>(epoch_), kStream);
  const double start = random.uniform();
  std::vector<int64_t> drawn;
  double end = weights_.front();
  for (int64_t document = 0, tick = 0; tick < draws; ++tick) {
    const double place = (static_cast<double>(tick) + start) * step;
    while (place >= end && document + 1 < std::ssize(weights_))
      end += weights_[at(++document)];
    drawn.push_back(document);
  }
  for (int64_t i = draws - 1; i > 0; --i)
    std::swap(drawn[at(i)], drawn[at(random.below(i + 1))]);
  return drawn;
}

std::vector<int64_t> EntitySampler::draw(int64_t draws) {
  NELUMBO_CHECK(!documents_.empty()) << "no document to draw";
  const std::vector<int64_t> drawn = systematic(draws);
  // An epoch of fewer or more draws counts as one pass all the same.
  const double each =
      static_cast<double>(documents_.size()) / static_cast<double>(std::max<int64_t>(draws, 1));
  for (const int64_t document : drawn)
    for (const EntityCount& entity : documents_[at(document)])
      read_[at(entity.node)] += each;
  ++epoch_;
  weigh();
  return drawn;
}

}  // namespace nelumbo
