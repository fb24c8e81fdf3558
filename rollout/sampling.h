// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace nelumbo {

/// The uniform number in [0, 1) behind one drawn token: a function of what is drawn alone, so that
/// a trace does not depend on batching, placement or time.
double draw_number(uint64_t seed, const std::string& prompt_id, int32_t sample, int64_t token);

}  // namespace nelumbo
