// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "apps/run_plan.h"

namespace nelumbo {

/// A run that trains a policy from nothing on pictures and curated texts: apps/materials.h.
Result<std::unique_ptr<const RunPlan>> load_recipe_plan(const RunConfig& config,
                                                        const std::string& config_path,
                                                        Reuse reuse);

}  // namespace nelumbo
