// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// Calls `use` with each line of a file of at most 1 GB, without its end, and the line's place,
/// "FILE:LINE"; stops at the first error. Lines may be long: the file is read as a whole.
Result<void> for_each_line(
    const std::string& path,
    const std::function<Result<void>(std::string_view line, const std::string& place)>& use);

}  // namespace nelumbo
