// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "bench/figure.h"

namespace nelumbo {

/// Answers per second of processor time that `reward replay` gets through on one thread, from lines
/// of a trace to the tables, beside scoring alone: groups of eight answers to the prompts of the
/// specification's own tests, every layer judged. What the specification says of itself when it
/// cannot be read.
Result<Figure> measure_replay(const std::string& spec, int64_t repeats);

}  // namespace nelumbo
