// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// Undoes UTF-8 that was read as Windows-1252 and written as UTF-8 again, once or more: "Ã©" is é,
/// "â‰¥" is ≥. Only runs whose bytes are one well-formed letter, mark or sign of the Latin and
/// Greek blocks or of general punctuation and symbols are touched, so that text in other scripts
/// and accents in front of quotes stay as they are.
std::string undo_mojibake(std::string_view text);

}  // namespace nelumbo
