// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"

namespace nelumbo {

/// Makes a folder in one that is there, unless it stands there already. For folders inside of a
/// run's directory: `make_directories` would bring one back that somebody took away meanwhile.
/// kEnvironment when it cannot be made.
Result<void> make_folder(const std::string& path);

}  // namespace nelumbo
