// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/error.h"
#include "bench/figure.h"

namespace nelumbo {

/// The weights of SmolLM2-135M in bf16.
constexpr int64_t kSmollm2Bytes = 2 * 134'515'008;

/// MB/s at which one engine gets `bytes` over a bulk channel on loopback, from the offer to the
/// last hash, beside one TCP connection that carries as many into memory that is there already,
/// and, as the limit, a copy of them. The details have the same for two engines at once, where MB/s
/// are those of both together. kEnvironment without a port or memory.
Result<Figure> measure_bulk(int64_t bytes, int64_t repeats);

}  // namespace nelumbo
