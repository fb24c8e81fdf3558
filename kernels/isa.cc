// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdint>

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernels/kernel_table.h"
#include "kernels/kernels.h"

namespace nelumbo {

namespace {

// Whether the CPU multiplies tiles of bf16 and of int8, and the kernel lets this process use their
// registers. See linux, Documentation/arch/x86/xstate.rst.
bool has_tiles() {
  constexpr uint32_t kFeatures = 7, kAmxBf16 = 1U << 22, kAmxTile = 1U << 24, kAmxInt8 = 1U << 25;
  constexpr uint32_t kAll = kAmxBf16 | kAmxTile | kAmxInt8;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(kFeatures, 0, &eax, &ebx, &ecx, &edx) == 0 || (edx & kAll) != kAll)
    return false;
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

bool cpu_has(Isa isa) {
  switch (isa) {
    case Isa::kReference:
      return true;
    case Isa::kAvx2:
      return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    case Isa::kAvx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
             __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
    case Isa::kAvx512Bf16:
      return __builtin_cpu_supports("avx512bf16") != 0 && __builtin_cpu_supports("avx512vnni") != 0;
    case Isa::kAmx:
      return has_tiles();
  }
  return false;
}

Isa best() {
  Isa best = Isa::kReference;
  for (const Isa isa : {Isa::kAvx2, Isa::kAvx512, Isa::kAvx512Bf16, Isa::kAmx}) {
    if (!cpu_has(isa))
      break;  // each builds on those before it
    best = isa;
  }
  return best;
}

Isa best_of_this_cpu() {
  static const Isa kBest = best();
  return kBest;
}

std::atomic<Isa>& chosen() {
  static std::atomic<Isa> isa{best_of_this_cpu()};
  return isa;
}

}  // namespace

Isa isa() {
  return chosen().load(std::memory_order_relaxed);
}

bool use_isa(Isa isa) {
  if (isa > best_of_this_cpu())
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
    case Isa::kAvx512Bf16:
      return "avx512-bf16";
    case Isa::kAmx:
      return "amx";
  }
  return "unknown";
}

const KernelTable& kernel_table() {
  switch (isa()) {
    case Isa::kAvx2:
      return avx2_table();
    case Isa::kAvx512:
      return avx512_table();
    case Isa::kAvx512Bf16:
      return avx512_bf16_table();
    case Isa::kAmx:
      return amx_table();
    case Isa::kReference:
      break;
  }
  return reference_table();
}

}  // namespace nelumbo
