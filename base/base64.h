// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nelumbo {

/// RFC 4648, padded.
std::string to_base64(std::span<const uint8_t> bytes);

/// The way back, padded or not; none where a character is no digit.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace nelumbo
