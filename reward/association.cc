// SPDX-License-Identifier: Apache-2.0
#include "reward/association.h"

#include <cmath>
#include <numeric>

namespace nelumbo {
namespace {

constexpr double kLeast = 1e-18;  // what is left of sums of squares by rounding

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

void Association::add(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 2)
    return;
  const double mean_x = mean(x), mean_y = mean(y);
  double sxy = 0, sxx = 0, syy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sxy += (x[i] - mean_x) * (y[i] - mean_y);
    sxx += (x[i] - mean_x) * (x[i] - mean_x);
    syy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  add(sxy, sxx, syy, std::ssize(x));
}

void Association::add(double sxy, double sxx, double syy, int64_t n) {
  if (n < 2)
    return;
  sxy_ += sxy;
  sxx_ += sxx;
  syy_ += syy;
  variance_ += sxx * syy / static_cast<double>(n - 1);
  answers_ += n;
}

double Association::r() const {
  const double product = sxx_ * syy_;
  return product > kLeast ? sxy_ / std::sqrt(product) : 0;
}

double Association::slope() const {
  return sxx_ > kLeast ? sxy_ / sxx_ : 0;
}

double Association::z() const {
  return variance_ > kLeast ? sxy_ / std::sqrt(variance_) : 0;
}

}  // namespace nelumbo
