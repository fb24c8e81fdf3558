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
      Between{1, 1000});
    v(bootstrap, "bootstrap", "Resamples behind each 95 % interval.", Between{1, 100000});
    v(controls, "controls",
      "Also run the controls: blank pictures, no tools, choices in another order.");
  }
};

}  // namespace nelumbo
