// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "reward/term.h"

namespace nelumbo {

/// `json_schema`: 1 where the answer is a JSON value that fits the schema under `schema`.
Result<TermPtr> read_json_schema(const SpecNode& node, TermHeader& header);

/// The JSON value that an answer is, bare or in a ``` fence that is all of it. kBadData says why it
/// is none: readers differ in what they make of a key given twice in one object and of whole
/// numbers beyond 64 bits, so neither is taken; nor is a value nested more than 64 deep.
Result<nlohmann::json> json_of(std::string_view answer);

}  // namespace nelumbo
