// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// The tokens that end an answer: `eos_token_id`, one or a list, of a model directory's
/// generation_config.json, or where that is missing or says nothing, of its config.json. None is an
/// answer, too. kBadData names the file.
Result<std::vector<int32_t>> read_end_tokens(const std::string& directory);

}  // namespace nelumbo
