// SPDX-License-Identifier: Apache-2.0
//
// Inverse transform sampling: with p = softmax(logits / temperature), the drawn token is the first
// a with p_0 + ... + p_a > u. The sums behind every few hundred tokens come with the sum over all,
// so only the tokens of one block are added again. The order of sums is fixed: another order could
// round another way at the border of two tokens.
#include "base/check.h"
#include "kernels/kernel_table.h"
#include "kernels/kernels.h"
#include "kernels/split.h"

namespace nelumbo {

// NOLINTNEXTLINE(readability-function-size): rows, their numbers, and what is drawn
void log_softmax_sample(Team& team, const float* logits_MV, const double* u_M, int64_t m, int64_t v,
                        float inverse_temperature, int32_t* tokens_M, float* logprob_M,
                        float* entropy_M) {
  NELUMBO_CHECK(v > 0) << "no token to draw";
  const KernelTable& table = kernel_table();
  const SampleArgs args{logits_MV, u_M, v, inverse_temperature, tokens_M, logprob_M, entropy_M};
  split(team, m, row_grain(4 * v), [&](Range rows) { table.sample(args, rows); });
}

}  // namespace nelumbo
