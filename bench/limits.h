// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernels.h"

namespace nelumbo {

/// GFLOP/s that `linear` reaches on this team with matrices that fit the cache: the best of
/// `repeats` runs of about 20 ms. What times are scaled by.
double product_rate(Team& team, Precision precision, int64_t repeats);

/// GB/s at which this team reads memory that fits no cache: the best of `repeats` runs.
double read_rate(Team& team, int64_t repeats);

/// A decoder as a count: parameters that each token is multiplied with, and bytes of its keys and
/// values.
struct DecoderCost {
  double layers = 0;     ///< parameters of the layers' matrices
  double head = 0;       ///< of the head
  double bytes = 0;      ///< of one parameter
  double cache = 0;      ///< bytes of one position's keys and values
  double attention = 0;  ///< floating-point operations for each token and position
};

/// Tokens/s of a decode step of `batch` sequences, which read `shared` positions together and `own`
/// each, that memory of `gb_per_s` and arithmetic of `gflops` allow.
double decode_limit(const DecoderCost& cost, double batch, double shared, double own,
                    double gb_per_s, double gflops);

}  // namespace nelumbo
