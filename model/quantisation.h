// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nelumbo {

/// How the values of a GGUF tensor are stored; the numbers are those of the format.
enum class GgufType : uint32_t {
  kF32 = 0,
  kF16 = 1,
  kQ40 = 2,
  kQ41 = 3,
  kQ50 = 6,
  kQ51 = 7,
  kQ80 = 8,
  kQ4K = 12,
  kQ5K = 13,
  kQ6K = 14,
  kBf16 = 30,
};

/// A tensor's rows are cut into blocks of `values` values, each stored in `bytes` bytes.
struct BlockFormat {
  GgufType type;
  std::string_view name;
  int64_t values;
  int64_t bytes;
  /// Widens one block, exactly as the reference does: same operations, same order, fp32.
  void (*decode)(const std::byte* block, float* values);
};

/// The format of this number, or null where the project does not read it.
const BlockFormat* block_format(uint32_t type);
const BlockFormat& block_format(GgufType type);

/// "F32, F16, …": the names of all formats, for messages.
std::string block_format_names();

/// REQUIRES: as many blocks as values.
void decode_blocks(const BlockFormat& format, std::span<const std::byte> blocks,
                   std::span<float> values);

/// Whether `encoded` can store every value: finite, and not larger than the type's scale reaches.
bool can_encode(GgufType type, std::span<const float> values);

/// The blocks of F32, F16, BF16 or Q8_0. REQUIRES: one of these types, whole blocks, `can_encode`.
std::string encoded(GgufType type, std::span<const float> values);

}  // namespace nelumbo
