// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace nelumbo {

/// How one number goes with another among answers that should be alike otherwise: sums over strata.
///
///   S_xy = sum over strata s, answers i of s: (x_i - mean_s x) (y_i - mean_s y); S_xx, S_yy alike
///   r = S_xy / sqrt(S_xx S_yy)                    correlation within strata
///   slope = S_xy / S_xx                           how much y grows when x does by 1
///   z = S_xy / sqrt(sum_s S_xx,s S_yy,s / (n_s - 1))
///
/// z is S_xy over its standard deviation when the y of each stratum are dealt anew to its answers,
/// so it is about standard normal where x and y have nothing to do with each other, whatever their
/// distributions (the score of a stratified permutation test; Mantel, 1963, for two values).
class Association {
 public:
  /// One stratum. REQUIRES: x and y are as long as each other.
  void add(std::span<const double> x, std::span<const double> y);
  /// The same by its sums over `n` answers.
  void add(double sxy, double sxx, double syy, int64_t n);

  /// 0 where one of the two never varies within a stratum, as are the others.
  double r() const;
  double slope() const;
  double z() const;
  int64_t answers() const { return answers_; }  ///< in strata of two or more

 private:
  double sxy_ = 0, sxx_ = 0, syy_ = 0, variance_ = 0;
  int64_t answers_ = 0;
};

}  // namespace nelumbo
