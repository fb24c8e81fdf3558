// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/picture.h"

namespace nelumbo {

/// One sequence behind a shared prefix.
struct TrainingItem {
  std::string task;                 ///< "caption", "locate", ...: what metrics are split by
  std::vector<int32_t> tokens;      ///< [R] behind the prefix
  std::vector<uint8_t> trained;     ///< [R] 1 where the token is a target
  std::vector<Pixels> pixels;       ///< one for each run of image placeholders in `tokens`
  float weight = 1;                 ///< of each trained token, before the global denominator
  std::vector<float> advantages;    ///< [R] policy losses only, else empty
  std::vector<float> old_logprobs;  ///< [R] policy losses only, else empty
};

/// Sequences that begin alike: all items of one picture, or all samples of one prompt. The prefix
/// is computed once and every item attends to it and to itself; gradients are exact.
struct TrainingGroup {
  std::vector<int32_t> prefix;  ///< [P], P >= 1; never a target
  std::vector<Pixels> pixels;   ///< one for each run of image placeholders in `prefix`
  std::vector<TrainingItem> items;
};

}  // namespace nelumbo
