// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "apps/recipe.h"

namespace nelumbo {

/// Adds what `nelumbo run` is told: CONFIG and the options. `options` and `json` outlive the
/// command.
void add_run_options(CLI::App& command, RunOptions& options, bool& json);

}  // namespace nelumbo
