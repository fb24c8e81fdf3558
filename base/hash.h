// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace nelumbo {

/// The bytes of a string, for the functions below.
inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// XXH3-128 in 32 lower-case hex digits, most significant first (as `xxhsum -H2` prints it).
std::string xxh3_128_hex(std::span<const std::byte> bytes);

/// XXH3-64.
uint64_t xxh3_64(std::span<const std::byte> bytes);

/// CRC-32C (Castagnoli). `seed` is the checksum of what came before:
/// `crc32c(b, crc32c(a)) == crc32c(a + b)`.
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t seed = 0);

/// XXH3-128 of bytes that arrive in pieces; where they are cut does not matter.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(bytes_of(text)); }

  /// The hash of all bytes so far; more may follow.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nelumbo
