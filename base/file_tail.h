// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace nelumbo {

/// The last bytes of a file, at most `most`, which may begin inside of a line or record; empty
/// where it cannot be read.
std::string file_tail(const std::string& path, int64_t most);

}  // namespace nelumbo
