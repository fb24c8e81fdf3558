// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace nelumbo {

/// Whether a sentence of `text` ends with byte `at`: with a line, or with ".", "!" or "?" before a
/// blank or the end, so "3.5" is whole. REQUIRES: at < text.size().
bool ends_sentence(std::string_view text, size_t at);

/// Takes the first sentence of a text, with its mark, off it.
std::string_view take_sentence(std::string_view& text);

}  // namespace nelumbo
