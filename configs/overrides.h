// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"
#include "configs/yaml_tree.h"

namespace nelumbo {

/// Puts one `a.b=value` of the command line into the tree that was read from a file; an item of a
/// list is named by its index, as in `pipeline.0=sft`. `defaults` is the whole configuration, and
/// says what is a section, a leaf or a list. A key that does not exist is put in all the same: the
/// reader of the tree reports it like one in a file.
Result<void> apply_override(YamlNode& root, const YamlNode& defaults, const std::string& text);

}  // namespace nelumbo
