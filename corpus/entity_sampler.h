// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "corpus/config.h"
#include "corpus/entity_tagger.h"

namespace nelumbo {

/// Draws documents so that rare entities are read more often than they are written about.
///
/// An entity weighs clip((n_target / n)^exponent, least, most). n is how many documents of a pass
/// name it, on average over the corpus itself and all epochs drawn so far; n_target is the mean of
/// n over the entities that the corpus names. A document weighs as much as its weightiest entity,
/// and 1 when it names none; all that times a factor of its own.
///
/// Draws are systematic: an epoch holds each document floor or ceil of its share of the draws, so
/// what is drawn follows the weights as nearly as whole numbers can. Draws depend on seed, epoch
/// and corpus alone. One owner.
class EntitySampler {
 public:
  /// `documents`: the entities that each names; `nodes`: how many the tree has; `factors`: of each
  /// document, > 0; left out: 1.
  EntitySampler(std::vector<std::vector<EntityCount>> documents, int64_t nodes,
                EntitySamplingConfig config, uint64_t seed, std::vector<double> factors = {});

  /// The weight of each document in the epoch that is next.
  const std::vector<double>& weights() const { return weights_; }
  /// The epoch that is next, from 0.
  int64_t epoch() const { return epoch_; }

  /// Draws the next epoch, in a random order, and weighs anew. REQUIRES: a document.
  std::vector<int64_t> draw(int64_t draws);

 private:
  std::vector<int64_t> systematic(int64_t draws) const;
  void weigh();

  std::vector<std::vector<EntityCount>> documents_;
  std::vector<double> factors_;
  EntitySamplingConfig config_;
  uint64_t seed_;
  int64_t epoch_ = 0;
  std::vector<double> read_;  ///< for each node: documents that name it, summed over all passes
  double target_ = 1;
  std::vector<double> weights_;
};

}  // namespace nelumbo
