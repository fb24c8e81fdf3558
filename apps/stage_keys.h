// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/materials.h"
#include "base/error.h"

namespace nelumbo {

/// One key for each stage of the pipeline: XXH3-128 over everything that decides what it and the
/// stages before it give: seed, data, tokenizer, shape, their sections of the configuration, the
/// reward specification from rl on, the instruction set, and this program itself. What changes no
/// result (placement, engine, names) is not in it. The key of evaluate is empty: it is always run.
/// kEnvironment when the program's own file cannot be read.
Result<std::vector<std::string>> stage_keys(const Materials& materials);

}  // namespace nelumbo
