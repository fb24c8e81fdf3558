// SPDX-License-Identifier: Apache-2.0
#include "kernels/kernel_table.h"

namespace nelumbo {

const KernelTable& avx512_table() {
  return reference_table();
}

}  // namespace nelumbo
