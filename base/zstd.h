// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// One Zstandard frame with a checksum. Frames written one after another are one valid file.
std::string zstd_compress(std::string_view bytes);

/// What all frames of `bytes` hold. kBadData when they are malformed or cut short, or hold more
/// than `max_bytes`: a small file can claim any size.
Result<std::string> zstd_decompress(std::string_view bytes, int64_t max_bytes);

}  // namespace nelumbo
