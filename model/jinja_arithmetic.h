// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/jinja_operators.h"

namespace nelumbo {

/// Python's arithmetic, from kAdd to kPower, of bools, ints and floats; fails where Python raises,
/// where an integer leaves 64 bits, and where a power is complex. REQUIRES: both are numbers.
JinjaValue jinja_arithmetic(JinjaRun& run, JinjaOperator op, const JinjaValue& a,
                            const JinjaValue& b);

/// round(value, digits): to the nearest decimal, ties to even.
JinjaValue jinja_round(JinjaRun& run, const JinjaValue& value, int64_t digits);

}  // namespace nelumbo
