// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/fields.h"

namespace nelumbo {

/// How a policy is evaluated.
struct EvaluateConfig {
  int64_t samples = 4;
  int64_t bootstrap = 1000;
  bool controls = true;

  template <class V>
  void fields(V& v) {
    v(samples, "samples", "Sampled answers to each validation prompt, beside the greedy one.",
      Positive{});
    v(bootstrap, "bootstrap", "Resamples behind each 95 % interval.", Positive{});
    v(controls, "controls", "Also run the blank-image and no-tool controls.");
  }
};

}  // namespace nelumbo
