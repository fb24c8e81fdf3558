// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// The alphabet of byte-level BPE: each byte stands for one printable character, so that any bytes
/// can be written as text ("Ġ" is the space).
std::string to_byte_level(std::string_view bytes);

/// The bytes of a text in that alphabet, or none when a character does not belong to it.
std::optional<std::string> from_byte_level(std::string_view text);

}  // namespace nelumbo
