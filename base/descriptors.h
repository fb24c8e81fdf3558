// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/error.h"

namespace nelumbo {

/// Raises the number of descriptors that this process may have open as far as it may without being
/// root. kEnvironment where that is below `least`: a library that runs out of them ends the process
/// without a word.
Result<void> claim_descriptors(int64_t least);

}  // namespace nelumbo
