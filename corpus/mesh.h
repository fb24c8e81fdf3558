// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// One heading of the Medical Subject Headings.
struct MeshDescriptor {
  std::string id;    ///< "D001943"
  std::string name;  ///< "Breast Neoplasms"; never empty
  /// Its places in the trees: "C04.588.180". The letter is the branch, and what stands before a dot
  /// is the place above. Nearly all have one or more; two of 27,455 have none.
  std::vector<std::string> tree_numbers;
  int64_t line = 0;  ///< in terms.tsv
};

/// Reads `folder`/terms.tsv (mesh_id, mesh_name) and `folder`/tree-numbers.tsv (mesh_id, mesh_name,
/// mesh_tree_number), in the order of the first. kBadData is "FILE:LINE: what; fix": another
/// heading line, another number of columns, an id twice, an empty name, a tree number twice,
/// malformed, of no branch or without the place above it, a row about an unknown id or under
/// another name, and all that LineReader refuses.
Result<std::vector<MeshDescriptor>> read_mesh(const std::string& folder);

}  // namespace nelumbo
