// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nelumbo {

/// What the rules say about a text before the classifier has learned anything.
enum class Seed {
  kGood,      ///< keeps all rules with room to spare
  kBad,       ///< breaks one
  kUndecided  ///< keeps them, but barely
};

/// How the loop went.
struct QualityReport {
  int64_t rounds = 0;             ///< 0: too few examples to learn from
  int64_t good = 0, bad = 0;      ///< examples of the last round
  double threshold = 0;           ///< texts that score below it leave
  double held_out_kept = 0;       ///< of good seeds, share above it when others were trained on
  double held_out_caught = 0;     ///< of bad seeds, share below it when others were trained on
  std::vector<bool> leaves = {};  ///< for each text that is not kBad
};

/// The bootstrap: trains on the seeds; undecided texts of which the classifier is sure (below 0.05
/// or above 0.95) and where two halves of the classifier, trained on different examples, agree
/// become examples; trains again, until nothing changes or five rounds are done. Every seed is then
/// scored by a classifier of the examples in the other four fifths, by hash of the text: the
/// threshold is the highest that costs at most `most_lost` of the good ones and catches more than
/// it costs; a fifth alone would be too few to know the lowest score of a good text by. Below 20
/// bad seeds nothing is learned and nothing leaves. Deterministic.
QualityReport bootstrap_quality(const std::vector<std::string>& texts,
                                const std::vector<Seed>& seeds, uint64_t seed,
                                double most_lost = 0.002);

}  // namespace nelumbo
