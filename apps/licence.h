// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "apps/open_model.h"

namespace nelumbo {

/// What is said of the licence of a model, by where it is said: "LICENSE" the first line of that
/// file beside the model, "README.md" and "general.license" the word in its front matter and in the
/// keys of a GGUF file. Empty where nothing is said.
nlohmann::json licence_of(const Model& model);

/// The `license` in the YAML between the first two lines `---` of a README; empty where there is
/// none.
std::string licence_in_readme(std::string_view readme);

}  // namespace nelumbo
