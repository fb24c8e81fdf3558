// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "apps/run_plan.h"

namespace nelumbo {

/// A run that trains an open model on conversations: apps/chat_materials.h.
Result<std::unique_ptr<const RunPlan>> load_chat_plan(const RunConfig& config,
                                                      const std::string& config_path);

}  // namespace nelumbo
