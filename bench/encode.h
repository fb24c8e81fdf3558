// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "bench/figure.h"

namespace nelumbo {

/// MB/s on one core at which the tokenizer of a model's directory encodes the problems of GSM8K
/// under `data`, of processor time, beside the least that is promised.
Result<Figure> measure_encode(const std::string& model, const std::string& data, int64_t repeats);

}  // namespace nelumbo
