// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/entity_tree.h"

namespace nelumbo {

/// How well the tree knows what a PubMedQA file asks, and conversely:
///
///     {"headings", "entities", "forward": {"exact", "embedding"}, "backward": {..},
///      "weakest": [{"heading", "likeness", "nearest"}], "rarest": [{"id", "name", "mentions",
///      "records"}]}
///
/// `weakest` are the 20 headings that are least covered, `rarest` the 20 entities that are asked
/// for and that the file's texts name least. kBadData names the place in the file.
Result<nlohmann::json> coverage_json(const EntityTree& tree, const std::string& benchmark);

}  // namespace nelumbo
