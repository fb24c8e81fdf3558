// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// The facts of model_facts() for a person: one line for each, without the tensors.
std::string facts_text(const nlohmann::json& facts);

}  // namespace nelumbo
