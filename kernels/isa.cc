// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "kernels/kernel_table.h"
#include "kernels/kernels.h"

namespace nelumbo {

namespace {

bool cpu_has(Isa isa) {
  switch (isa) {
    case Isa::kReference:
      return true;
    case Isa::kAvx2:
      return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    case Isa::kAvx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
             __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  }
  return false;
}

Isa best() {
  if (cpu_has(Isa::kAvx512) && cpu_has(Isa::kAvx2))
    return Isa::kAvx512;
  return cpu_has(Isa::kAvx2) ? Isa::kAvx2 : Isa::kReference;
}

std::atomic<Isa>& chosen() {
  static std::atomic<Isa> isa{best()};
  return isa;
}

}  // namespace

Isa isa() {
  return chosen().load(std::memory_order_relaxed);
}

bool use_isa(Isa isa) {
  if (!cpu_has(isa))
    return false;
  chosen().store(isa, std::memory_order_relaxed);
  return true;
}

std::string to_string(Isa isa) {
  switch (isa) {
    case Isa::kReference:
      return "reference";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      return "avx512";
  }
  return "unknown";
}

const KernelTable& kernel_table() {
  switch (isa()) {
    case Isa::kAvx2:
      return avx2_table();
    case Isa::kAvx512:
      return avx512_table();
    case Isa::kReference:
      break;
  }
  return reference_table();
}

}  // namespace nelumbo
