// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "model/adapter_names.h"
#include "model/peft_adapter.h"

namespace nelumbo {

/// Writes an adapter of rank 1 that adds `change` to each element of a weight.
inline void put_adapter(const std::string& folder, const std::string& weight,
                        const std::vector<int64_t>& shape, float change) {
  PeftAdapter adapter;
  adapter.rank = 1;
  adapter.alpha = 2;
  adapter.factors[weight] = {{factor_name(weight, kFactorA),
                              {1, shape[1]},
                              std::vector<float>(static_cast<size_t>(shape[1]), 1)},
                             {factor_name(weight, kFactorB),
                              {shape[0], 1},
                              std::vector<float>(static_cast<size_t>(shape[0]), change / 2)}};
  ASSERT_TRUE(write_peft_adapter(folder, adapter).ok());
}

}  // namespace nelumbo
