// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// The specification that a command line names. One that is not there is kInvalidConfig, as it is
/// for a run.
inline Result<std::shared_ptr<const RewardSpec>> read_reward_spec(const std::string& path) {
  auto spec = RewardSpec::read(path);
  if (!spec && spec.error().code == Errc::kEnvironment)
    return Error{Errc::kInvalidConfig, spec.error().message};
  return spec;
}

}  // namespace nelumbo
