// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"

namespace nelumbo {

/// Parses a JSON document that came with a model. Beyond the grammar, no key may stand twice in one
/// object and nesting is bounded, so that a hostile file costs no more than its size. kBadData
/// names `place` and the byte.
Result<nlohmann::json> parse_json(std::string_view text, const std::string& place);

/// The same, with the keys of objects in the order in which they stand. Integers beyond 64 bits are
/// refused: as floats they would print as other numbers.
Result<nlohmann::ordered_json> parse_ordered_json(std::string_view text, const std::string& place);

/// What a document may hold at most under one member of its outermost object.
struct JsonBudget {
  std::string member;
  int64_t values = 0;  ///< numbers, texts, lists, ...: all that stands under the member
  int64_t bytes = 0;   ///< of all texts there
};

/// Reads through a document and keeps nothing of it, so that a large one that is malformed or over
/// its budget costs little memory. A single text may have 4 MiB. kBadData names `place`, and the
/// byte or the member.
Result<void> scan_json(std::string_view text, const std::string& place, const JsonBudget& budget);

}  // namespace nelumbo
