// SPDX-License-Identifier: Apache-2.0
//
// Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993): draw n of n
// values with replacement, take the mean, repeat; the interval runs from the 2.5th to the 97.5th
// percentile of those means. The trap: two evaluations of the same prompts are not independent, so
// their difference is resampled prompt by prompt (paired), never from two intervals. Resample r of
// stratum s draws from the stream (seed, kBootstrap, r, s), so results do not depend on order.
#include "evaluation/intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/rng.h"

namespace nelumbo {

namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double resampled_mean(std::span<const double> values, Random random) {
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i)
    sum += values[static_cast<size_t>(random.below(std::ssize(values)))];
  return sum / static_cast<double>(values.size());
}

/// Between the two nearest ranks. REQUIRES: sorted, not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(at));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval mean_interval(std::span<const double> values, const Bootstrap& bootstrap) {
  const std::vector<double> stratum(values.begin(), values.end());
  return mean_of_means_interval(std::span(&stratum, 1), bootstrap);
}

Interval mean_of_means_interval(std::span<const std::vector<double>> strata,
                                const Bootstrap& bootstrap) {
  NELUMBO_CHECK(!strata.empty()) << "an interval needs values";
  NELUMBO_CHECK(bootstrap.resamples > 0) << "an interval needs resamples";
  Interval interval;
  for (const auto& stratum : strata) {
    NELUMBO_CHECK(!stratum.empty()) << "an interval needs values";
    interval.mean += mean_of(stratum) / static_cast<double>(strata.size());
  }
  std::vector<double> means;
  for (int64_t r = 0; r < bootstrap.resamples; ++r) {
    double sum = 0;
    for (size_t s = 0; s < strata.size(); ++s)
      sum += resampled_mean(strata[s], Random(bootstrap.seed, Purpose::kBootstrap,
                                              static_cast<uint64_t>(r), static_cast<uint32_t>(s)));
    means.push_back(sum / static_cast<double>(strata.size()));
  }
  std::ranges::sort(means);
  interval.low = quantile(means, 0.025);
  interval.high = quantile(means, 0.975);
  return interval;
}

}  // namespace nelumbo
