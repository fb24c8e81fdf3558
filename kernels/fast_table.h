// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/attention_backward_impl.h"
#include "kernels/attention_impl.h"
#include "kernels/elementwise_impl.h"
#include "kernels/gemm_impl.h"
#include "kernels/int8_impl.h"
#include "kernels/kernel_table.h"
#include "kernels/pack_impl.h"
#include "kernels/row_impl.h"

namespace nelumbo {

/// All kernels over the vector type V, see vector_math.h, its pairs of bf16, see cells.h, and its
/// quads of int8, see int8_impl.h.
template <class V, class P, class Q>
constexpr KernelTable kFastTable{
    .pack = {fast_pack<V, Singles<V>>, fast_pack<V, PairsOf<V, P>>},
    .pack_transposed = {fast_pack_transposed<V, Singles<V>>,
                        fast_pack_transposed<V, PairsOf<V, P>>},
    .linear = {fast_linear<V, Singles<V>>, fast_linear<V, PairsOf<V, P>>, fast_linear_int8<V, Q>},
    .weight_gradient = {fast_weight_gradient<V, Singles<V>>,
                        fast_weight_gradient<V, PairsOf<V, P>>},
    .rms_norm = fast_rms_norm<V>,
    .rms_norm_backward = fast_norm_backward<V, false>,
    .layer_norm = fast_layer_norm<V>,
    .layer_norm_backward = fast_norm_backward<V, true>,
    .rope = fast_rope<V>,
    .gelu = fast_gelu<V>,
    .gelu_backward = fast_gelu_backward<V>,
    .exact_gelu = fast_exact_gelu<V>,
    .exact_gelu_backward = fast_exact_gelu_backward<V>,
    .silu_mul = fast_silu_mul<V>,
    .silu_mul_backward = fast_silu_mul_backward<V>,
    .add = fast_add<V>,
    .attend = {fast_attend<V, Singles<V>>, fast_attend<V, PairsOf<V, P>>},
    .attention_backward = fast_attention_backward<V>,
    .log_softmax = fast_log_softmax<V>,
    .log_softmax_backward = fast_log_softmax_backward<V>,
    .sample = fast_sample<V>,
    .sum_of_squares = fast_sum_of_squares<V>,
    .adamw = fast_adamw<V>,
};

}  // namespace nelumbo
