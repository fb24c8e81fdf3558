// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "bench/figure.h"

namespace nelumbo {

/// Answers a second, on one core and of processor time, that the rule term `number` of
/// configs/rewards/gsm8k.yaml judges: the right answers of GSM8K under `data`, each in one of six
/// forms, a third of them wrong, beside what is promised. The details have the speed of the whole
/// specification, and how many answers are right: bench/peers/rewards.py asks the same.
Result<Figure> measure_reward_checks(const std::string& data, int64_t repeats);

}  // namespace nelumbo
