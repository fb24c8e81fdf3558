// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "corpus/multi_hop.h"

namespace nelumbo {

/// An item as one line of a JSONL file, its chain of thought included:
///
///     {"id": "multihop/1/DOID:110007/0", "question": "Start at ..", "choices": ["..", ..],
///      "answer": "..", "difficulty": 2, "hidden_hops": 4,
///      "path": [{"id": "DOID:110007", "name": "achromatopsia 3", "shown": true}, ..],
///      "steps": [{"from": "achromatopsia 3", "relation": "has_gene", "inverse": false,
///                 "to": "CNGB3"}, ..],
///      "chain": "<understand>.."}
std::string multi_hop_line(const MultiHopItem& item);

/// Reads such lines; what can be derived (answer, steps' names, chain) is not looked at. `place` is
/// the file's name; an error says `place:line: ..` (kBadData), also of an id or a question that
/// stands there twice.
Result<std::vector<MultiHopItem>> read_multi_hop(std::string_view lines, const std::string& place);

}  // namespace nelumbo
