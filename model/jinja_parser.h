// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.h"
#include "model/jinja_ast.h"

namespace nelumbo {

/// Parses a template. kBadData says LINE:COLUMN and what is malformed there or outside the subset.
Result<JinjaBody> parse_jinja(std::string_view source);

}  // namespace nelumbo
