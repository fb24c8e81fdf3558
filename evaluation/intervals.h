// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nelumbo {

/// How often and from which stream a bootstrap draws. What a policy scored says nothing about the
/// stream, so no caller but a test chooses it: equal answers have equal intervals, whoever asks.
struct Bootstrap {
  uint64_t seed = 0;
  int64_t resamples = 1000;
};

/// A mean with its 95 % interval.
struct Interval {
  double mean = 0, low = 0, high = 0;
};

/// The mean of `values` and its percentile bootstrap interval. REQUIRES: not empty.
Interval mean_interval(std::span<const double> values, const Bootstrap& bootstrap);

/// The unweighted mean of the means of several strata (tasks), each resampled by itself.
/// REQUIRES: at least one, none empty.
Interval mean_of_means_interval(std::span<const std::vector<double>> strata,
                                const Bootstrap& bootstrap);

}  // namespace nelumbo
