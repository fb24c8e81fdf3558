// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <array>

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

/// Remainders of each byte by the reflected Castagnoli polynomial.
constexpr std::array<uint32_t, 256> make_crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit)
      rest = (rest >> 1) ^ (0x82F63B78u & (0u - (rest & 1u)));
    table[byte] = rest;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kCrcTable = make_crc_table();

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
  for (const std::byte byte : bytes)
    rest = (rest >> 8) ^ kCrcTable[(rest ^ std::to_integer<uint32_t>(byte)) & 255u];
  return ~rest;
}

}  // namespace nelumbo
