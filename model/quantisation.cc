// SPDX-License-Identifier: Apache-2.0
//
// Block formats of GGML (github.com/ggml-org/ggml, ggml-common.h and ggml-quants.c). A block shares
// one or two half-precision scales d and m; q is a small whole number:
//     Q4_0, Q5_0, Q8_0   x = d q             q signed (stored with an offset of 8, 16, none)
//     Q4_1, Q5_1         x = d q + m         q unsigned
//     Q4_K, Q5_K         x = (d s) q - (m t)  8 groups of 32 with 6-bit s and t
//     Q6_K               x = (d s) q         16 groups of 16 with 8-bit s, q with an offset of 32
// The trap is the order of values: a nibble's low half comes first for all bytes of a run, then the
// high half of the same bytes.
#include "model/quantisation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "base/half.h"

namespace nelumbo {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");

constexpr int kRun = 32;     ///< values of a small block, and of a group of Q4_K and Q5_K
constexpr int kSuper = 256;  ///< values of a K block

uint16_t u16_at(const std::byte* from) {
  uint16_t value = 0;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

float f16_at(const std::byte* from) {
  return from_f16(u16_at(from));
}

int low(std::byte pair) {
  return std::to_integer<int>(pair) & 15;
}

int high(std::byte pair) {
  return std::to_integer<int>(pair) >> 4;
}

int bit(std::byte bits, int which) {
  return std::to_integer<int>(bits) >> which & 1;
}

void decode_f32(const std::byte* block, float* values) {
  std::memcpy(values, block, sizeof(float));
}

void decode_f16(const std::byte* block, float* values) {
  *values = f16_at(block);
}

void decode_bf16(const std::byte* block, float* values) {
  *values = from_bf16(u16_at(block));
}

/// Value i of a block whose 16 bytes hold values 0 to 15 low and 16 to 31 high.
int nibble(const std::byte* pairs, int i) {
  return i < kRun / 2 ? low(pairs[i]) : high(pairs[i - kRun / 2]);
}

void decode_q4_0(const std::byte* block, float* values) {
  const float d = f16_at(block);
  for (int i = 0; i < kRun; ++i)
    values[i] = d * static_cast<float>(nibble(block + 2, i) - 8);
}

void decode_q4_1(const std::byte* block, float* values) {
  const float d = f16_at(block);
  const float m = f16_at(block + 2);
  for (int i = 0; i < kRun; ++i)
    values[i] = d * static_cast<float>(nibble(block + 4, i)) + m;
}

void decode_q5_0(const std::byte* block, float* values) {
  const float d = f16_at(block);
  for (int i = 0; i < kRun; ++i) {
    const int q = nibble(block + 6, i) | bit(block[2 + i / 8], i % 8) << 4;
    values[i] = d * static_cast<float>(q - 16);
  }
}

void decode_q5_1(const std::byte* block, float* values) {
  const float d = f16_at(block);
  const float m = f16_at(block + 2);
  for (int i = 0; i < kRun; ++i) {
    const int q = nibble(block + 8, i) | bit(block[4 + i / 8], i % 8) << 4;
    values[i] = d * static_cast<float>(q) + m;
  }
}

void decode_q8_0(const std::byte* block, float* values) {
  const float d = f16_at(block);
  for (int i = 0; i < kRun; ++i)
    values[i] = d * static_cast<float>(std::to_integer<int8_t>(block[2 + i]));
}

/// The 6-bit scale and minimum of a group.
struct GroupScale {
  int scale, minimum;
};

/// 12 bytes hold 8 of each: the first four whole in bytes 0-3 and 4-7, the last four with their low
/// four bits in bytes 8-11 and the high two in the upper bits of bytes 0-7.
GroupScale group_scale(const std::byte* scales, int group) {
  const auto at = [scales](int i) { return std::to_integer<int>(scales[i]); };
  if (group < 4)
    return {at(group) & 63, at(group + 4) & 63};
  return {(at(group + 4) & 15) | (at(group - 4) >> 6 << 4),
          at(group + 4) >> 4 | at(group) >> 6 << 4};
}

/// Q4_K, and Q5_K where `fifth` holds one more bit of each value: bit g of byte i for value i of
/// group g.
void decode_groups(const std::byte* block, const std::byte* fifth, const std::byte* pairs,
                   float* values) {
  const float d = f16_at(block);
  const float m = f16_at(block + 2);
  for (int group = 0; group < kSuper / kRun; ++group) {
    const GroupScale scales = group_scale(block + 4, group);
    const float scale = d * static_cast<float>(scales.scale);
    const float minimum = m * static_cast<float>(scales.minimum);
    const std::byte* from = pairs + ptrdiff_t{group / 2} * kRun;
    for (int i = 0; i < kRun; ++i) {
      const int four = group % 2 == 0 ? low(from[i]) : high(from[i]);
      const int q = four | (fifth == nullptr ? 0 : bit(fifth[i], group) << 4);
      values[group * kRun + i] = scale * static_cast<float>(q) - minimum;
    }
  }
}

void decode_q4_k(const std::byte* block, float* values) {
  decode_groups(block, nullptr, block + 16, values);
}

void decode_q5_k(const std::byte* block, float* values) {
  decode_groups(block, block + 16, block + 48, values);
}

/// 128 bytes of low nibbles, 64 of upper bit pairs, 16 scales, d. Each half of 128 values lies in
/// 64 bytes of nibbles and 32 bytes of bit pairs.
void decode_q6_k(const std::byte* block, float* values) {
  const std::byte* upper = block + 128;
  const std::byte* scales = upper + 64;
  const float d = f16_at(scales + 16);
  for (int i = 0; i < kSuper; ++i) {
    const int half = i / 128, run = i % 128 / kRun, at = i % kRun;
    const std::byte pair = block[half * 64 + run % 2 * kRun + at];
    const int four = run < 2 ? low(pair) : high(pair);
    const int two = std::to_integer<int>(upper[half * kRun + at]) >> 2 * run & 3;
    const float scale = d * static_cast<float>(std::to_integer<int8_t>(scales[i / 16]));
    values[i] = scale * static_cast<float>((four | two << 4) - 32);
  }
}

constexpr std::array kFormats{
    BlockFormat{GgufType::kF32, "F32", 1, 4, decode_f32},
    BlockFormat{GgufType::kF16, "F16", 1, 2, decode_f16},
    BlockFormat{GgufType::kBf16, "BF16", 1, 2, decode_bf16},
    BlockFormat{GgufType::kQ80, "Q8_0", kRun, 34, decode_q8_0},
    BlockFormat{GgufType::kQ40, "Q4_0", kRun, 18, decode_q4_0},
    BlockFormat{GgufType::kQ41, "Q4_1", kRun, 20, decode_q4_1},
    BlockFormat{GgufType::kQ50, "Q5_0", kRun, 22, decode_q5_0},
    BlockFormat{GgufType::kQ51, "Q5_1", kRun, 24, decode_q5_1},
    BlockFormat{GgufType::kQ4K, "Q4_K", kSuper, 144, decode_q4_k},
    BlockFormat{GgufType::kQ5K, "Q5_K", kSuper, 176, decode_q5_k},
    BlockFormat{GgufType::kQ6K, "Q6_K", kSuper, 210, decode_q6_k},
};

void append(std::string& bytes, uint16_t half) {
  bytes.append(reinterpret_cast<const char*>(&half), sizeof(half));
}

float largest(std::span<const float> values) {
  float most = 0;
  for (const float value : values)
    most = std::max(most, std::abs(value));
  return most;
}

/// d is the largest magnitude / 127; q is rounded half away from zero with the unrounded d.
void append_q8_0(std::string& bytes, std::span<const float> block) {
  const float d = largest(block) / 127;
  const float inverse = 1 / d < INFINITY ? 1 / d : 0;  // all zeros, or too small to tell apart
  append(bytes, to_f16(d));
  for (const float value : block)
    bytes += static_cast<char>(std::lround(value * inverse));
}

/// The smallest magnitude that `type` cannot hold.
float limit_of(GgufType type) {
  constexpr float kHalf = 65520;
  switch (type) {
    case GgufType::kF16:
      return kHalf;
    case GgufType::kQ80:
      return 127 * kHalf;
    case GgufType::kBf16:
      return 0x1.FFp127F;
    default:
      return INFINITY;
  }
}

}  // namespace

const BlockFormat* block_format(uint32_t type) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(), [type](const BlockFormat& f) {
    return static_cast<uint32_t>(f.type) == type;
  });
  return found == kFormats.end() ? nullptr : found;
}

const BlockFormat& block_format(GgufType type) {
  const BlockFormat* format = block_format(static_cast<uint32_t>(type));
  NELUMBO_CHECK(format != nullptr) << "type " << static_cast<uint32_t>(type) << " has no format";
  return *format;
}

std::string block_format_names() {
  std::string names;
  for (const BlockFormat& format : kFormats)
    names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

void decode_blocks(const BlockFormat& format, std::span<const std::byte> blocks,
                   std::span<float> values) {
  const int64_t count = std::ssize(values) / format.values;
  NELUMBO_CHECK(count * format.values == std::ssize(values) &&
                count * format.bytes == std::ssize(blocks))
      << format.name << ": " << blocks.size() << " bytes for " << values.size() << " values";
  for (int64_t i = 0; i < count; ++i)
    format.decode(blocks.data() + i * format.bytes, values.data() + i * format.values);
}

bool can_encode(GgufType type, std::span<const float> values) {
  const float limit = limit_of(type);
  return std::all_of(values.begin(), values.end(),
                     [limit](float value) { return std::abs(value) < limit; });
}

std::string encoded(GgufType type, std::span<const float> values) {
  const BlockFormat& format = block_format(type);
  NELUMBO_CHECK(std::ssize(values) % format.values == 0) << format.name << ": part of a block";
  std::string bytes;
  bytes.reserve(values.size() / format.values * format.bytes);
  switch (type) {
    case GgufType::kF32:
      bytes.assign(reinterpret_cast<const char*>(values.data()), values.size_bytes());
      break;
    case GgufType::kF16:
      for (const float value : values)
        append(bytes, to_f16(value));
      break;
    case GgufType::kBf16:
      for (const float value : values)
        append(bytes, to_bf16(value));
      break;
    case GgufType::kQ80:
      for (; !values.empty(); values = values.subspan(kRun))
        append_q8_0(bytes, values.first(kRun));
      break;
    default:
      NELUMBO_CHECK(false) << format.name << " is read, not written";
  }
  return bytes;
}

}  // namespace nelumbo
