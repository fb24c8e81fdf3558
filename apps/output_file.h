// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// kInvalidConfig where the file that `option` names is one of `others`, under whatever spelling or
/// link, or will be: writing it would destroy what is read. Files that are not there are compared
/// by their full paths; an empty `path` or other is no file.
Result<void> require_other_file(const std::string& option, const std::string& path,
                                const std::vector<std::string>& others);

/// The vocabularies that an entity tree is read from, in a folder of data sets.
std::vector<std::string> vocabulary_files(const std::string& data);

}  // namespace nelumbo
