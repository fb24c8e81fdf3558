// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"

namespace nelumbo {

/// The attention entries of `reference_table`, see KernelTable.
void reference_attend(const AttentionLane* lanes, int64_t count, int64_t d, float scale);
void reference_attention_backward(const AttentionBackwardArgs& args, const Family& family,
                                  int64_t kv_head);

}  // namespace nelumbo
