// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"

namespace nelumbo {

/// kEnvironment where a device, a FIFO, a socket or a link lies at `path`, which a file that is put
/// there as a whole would take the place of.
Result<void> require_replaceable(const std::string& path);

}  // namespace nelumbo
