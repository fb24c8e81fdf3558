// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nelumbo {

/// The types of GGUF metadata; the numbers are those of the format.
enum class GgufKind : uint32_t {
  kU8 = 0,
  kI8 = 1,
  kU16 = 2,
  kI16 = 3,
  kU32 = 4,
  kI32 = 5,
  kF32 = 6,
  kBool = 7,
  kText = 8,
  kArray = 9,
  kU64 = 10,
  kI64 = 11,
  kF64 = 12,
};

/// Bytes of a value of a fixed size; 0 for text, arrays and numbers that are no kind.
int64_t width_of(GgufKind kind);

/// One metadata value, kept as the file stores it: the characters of a text, a number's
/// little-endian bytes, an array's elements one behind another (a text there: 8 bytes of length,
/// then its characters). Whoever makes one by hand keeps to that.
struct GgufValue {
  GgufKind kind = GgufKind::kU32;
  GgufKind element = GgufKind::kU32;  ///< of an array
  uint64_t count = 0;                 ///< of an array
  std::string bytes;

  static GgufValue natural(uint32_t value);
  static GgufValue real(float value);
  static GgufValue flag(bool value);
  static GgufValue text(std::string value);
  static GgufValue texts(const std::vector<std::string>& values);
  static GgufValue integers(const std::vector<int32_t>& values);
  static GgufValue reals(const std::vector<float>& values);

  // The value as C++ has it, or nothing when it is of another kind.

  /// Any whole number from 0 to 2^63 - 1.
  std::optional<int64_t> as_natural() const;
  /// Any number. A float becomes the shortest decimal that reads back as it: 1e-05, not
  /// 9.99999974737875e-06, so that what was written as a double comes back.
  std::optional<double> as_real() const;
  std::optional<bool> as_flag() const;
  std::optional<std::string> as_text() const;
  std::optional<std::vector<std::string>> as_texts() const;
  /// An array of whole numbers that fit 64 bits with a sign.
  std::optional<std::vector<int64_t>> as_integers() const;
  std::optional<std::vector<double>> as_reals() const;
};

/// Keys and values in the order of the file; no key twice.
using GgufMetadata = std::vector<std::pair<std::string, GgufValue>>;

/// The value of a key, or null.
const GgufValue* find(const GgufMetadata& metadata, std::string_view key);

}  // namespace nelumbo
