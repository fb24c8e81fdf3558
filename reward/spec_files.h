// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "reward/spec_node.h"

namespace nelumbo {

/// A specification with what it includes.
struct SpecFiles {
  std::vector<SpecNode> documents;  ///< each behind all that it includes, itself last
  std::string hash;                 ///< XXH3-128 in hex of all texts, and of score models they name
};

/// Parses `yaml` and the files that its list `include` names, relative to the folder of `place`,
/// and those that they include. A file is read once, however often it is included; files that
/// include each other in a circle are refused.
Result<SpecFiles> read_spec_files(const std::string& yaml, const std::string& place);

/// The text of a specification. kEnvironment when it cannot be read.
Result<std::string> read_spec_text(const std::string& path);

}  // namespace nelumbo
