// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "reward/term.h"

namespace nelumbo {

/// `json_schema`: 1 where the answer is a JSON value that fits the schema under `schema`.
Result<TermPtr> read_json_schema(const SpecNode& node, TermHeader& header);

/// The JSON value that an answer is, bare or in a ``` fence that is all of it; none otherwise.
std::optional<nlohmann::json> json_of(std::string_view answer);

}  // namespace nelumbo
