// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "corpus/entity_sampler.h"

namespace nelumbo {

/// An endless row of documents: epoch behind epoch of an EntitySampler, each as long as the corpus.
/// What stands at a place depends on the sampler's arguments alone. Shared between threads.
class TextDeck {
 public:
  /// REQUIRES: documents > 0, as many as the sampler has.
  TextDeck(EntitySampler sampler, int64_t documents);

  /// The document at place `index`. REQUIRES: index >= 0.
  int64_t at(int64_t index) const;

 private:
  int64_t documents_;
  mutable std::mutex mutex_;  ///< of what follows
  mutable EntitySampler sampler_;
  mutable std::vector<std::vector<int64_t>> epochs_;
};

}  // namespace nelumbo
