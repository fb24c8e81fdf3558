// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernel_table.h"

namespace nelumbo {

/// The packing entries of `reference_table`, see KernelTable.
void reference_pack(const float* rows, int64_t columns, int64_t k, float* panel);
void reference_pack_bf16(const float* rows, int64_t columns, int64_t k, float* panel);
void reference_pack_transposed(const float* w, int64_t n, int64_t k, int64_t columns, float* panel);
void reference_pack_transposed_bf16(const float* w, int64_t n, int64_t k, int64_t columns,
                                    float* panel);
/// The attention entries of `reference_table`, see KernelTable.
void reference_attend(const AttentionRows& rows);
/// The same on blocks of bf16.
void reference_attend_bf16(const AttentionRows& rows);
void reference_attention_backward(const AttentionBackwardArgs& args, const Family& family,
                                  int64_t kv_head);

}  // namespace nelumbo
