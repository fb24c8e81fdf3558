// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "corpus/entity_tree.h"

namespace nelumbo {

/// {"nodes", "names", "kinds": {"disease": 12, ..}, "levels": [nodes with a working path of 1, 2,
/// .. 5], "attached", "rules": {"same_xref": 9, ..}}; `names` is how many a matcher finds.
nlohmann::json tree_json(const EntityTree& tree, int64_t names);

/// Where each term was attached to the tree, and why, one object a line:
/// {"id", "node", "above", "rule", "reason"}.
std::string attachment_lines(const EntityTree& tree);

}  // namespace nelumbo
