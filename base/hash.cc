// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <array>
#include <bit>
#include <cstring>

#include <xxhash.h>

#include "base/check.h"

namespace nelumbo {
namespace {

std::string hex_digits(XXH128_hash_t hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string text;
  for (const unsigned char byte : canonical.digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

/// Remainders by the reflected Castagnoli polynomial of each byte, with 0 to 7 bytes of zeros
/// behind it: so eight bytes are divided at once (Kounavis and Berry, "slicing by 8", 2008).
constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit)
      rest = (rest >> 1) ^ (0x82F63B78u & (0u - (rest & 1u)));
    tables[0][byte] = rest;
  }
  for (size_t zeros = 1; zeros < tables.size(); ++zeros)
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t shorter = tables[zeros - 1][byte];
      tables[zeros][byte] = (shorter >> 8) ^ tables[0][shorter & 255u];
    }
  return tables;
}

constexpr CrcTables kCrcTables = make_crc_tables();

static_assert(std::endian::native == std::endian::little, "eight bytes are read as one number");

}  // namespace

struct Hasher::State {
  XXH3_state_t* xxh = XXH3_createState();
  ~State() { XXH3_freeState(xxh); }
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  NELUMBO_CHECK(state_->xxh != nullptr && XXH3_128bits_reset(state_->xxh) == XXH_OK)
      << "no memory for a hash";
}

Hasher::~Hasher() = default;

void Hasher::update(std::span<const std::byte> bytes) {
  if (!bytes.empty())
    XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
}

std::string Hasher::hex() const {
  return hex_digits(XXH3_128bits_digest(state_->xxh));
}

std::string xxh3_128_hex(std::span<const std::byte> bytes) {
  return hex_digits(XXH3_128bits(bytes.data(), bytes.size()));
}

uint64_t xxh3_64(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint32_t crc32c(std::span<const std::byte> bytes, uint32_t seed) {
  uint32_t rest = ~seed;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    uint64_t eight = 0;
    std::memcpy(&eight, bytes.data(), 8);
    eight ^= rest;
    rest = 0;
    for (size_t zeros = 8; zeros-- > 0; eight >>= 8)
      rest ^= kCrcTables[zeros][eight & 255u];
  }
  for (const std::byte byte : bytes)
    rest = (rest >> 8) ^ kCrcTables[0][(rest ^ std::to_integer<uint32_t>(byte)) & 255u];
  return ~rest;
}

}  // namespace nelumbo
