// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// The alphabet of byte-level BPE: each byte stands for one printable character, so that any bytes
/// can be written as text ("Ġ" is the space).
std::string to_byte_level(std::string_view bytes);

/// The bytes of a text in that alphabet, or none when a character does not belong to it.
std::optional<std::string> from_byte_level(std::string_view text);

/// Bytes of the UTF-8 character that begins at `at`. REQUIRES: well-formed text.
int64_t character_size(std::string_view text, int64_t at);

/// The Unicode code point of the character that begins at `at`. REQUIRES: well-formed text.
char32_t code_point(std::string_view text, int64_t at);

}  // namespace nelumbo
