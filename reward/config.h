// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/fields.h"

namespace nelumbo {

/// Which reward specification scores a run, and how many outcomes may be no scores.
struct RewardConfig {
  std::string spec = "configs/rewards/smear.yaml";
  double warn_rate = 0.01;
  double stop_rate = 0.1;
  bool reload = false;

  template <class V>
  void fields(V& v) {
    v(spec, "spec",
      "The reward specification; relative to the configuration's folder's parent or "
      "to the working directory.",
      NotEmpty{});
    v(warn_rate, "warn_rate", "Share of outcomes that are no scores at which to warn.",
      Between{0, 1});
    v(stop_rate, "stop_rate", "Share of outcomes that are errors or timeouts at which to stop.",
      Between{0, 1});
    v(reload, "reload",
      "Whether an edited specification is taken up between two steps of rl, once its tests pass.");
  }
};

}  // namespace nelumbo
