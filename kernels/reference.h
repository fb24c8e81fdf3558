// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"

namespace nelumbo {

/// The attention entries of `reference_table`, see KernelTable.
void reference_attend(const AttentionRows& rows);
/// The same on blocks of bf16.
void reference_attend_bf16(const AttentionRows& rows);
void reference_attention_backward(const AttentionBackwardArgs& args, const Family& family,
                                  int64_t kv_head);

}  // namespace nelumbo
