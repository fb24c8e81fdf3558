// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// An error "FILE:LINE:COL: reason" about the byte at `offset` of a file's text.
Error text_error(std::string_view text, const std::string& file, size_t offset,
                 const std::string& reason);

/// kInvalidConfig, with the place, where a text is no UTF-8, has a byte order mark or a NUL byte.
Result<void> require_plain_utf8(std::string_view text, const std::string& file);

}  // namespace nelumbo
