// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace nelumbo {

/// What PATH is, once every part of it has been checked: a model (a Hugging Face directory, a GGUF
/// file, a checkpoint, a run), or one file of a model. kBadData names what is unsound,
/// kInvalidConfig a path where nothing lies.
Result<nlohmann::json> model_facts(const std::string& path);

}  // namespace nelumbo
