// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace nelumbo {

/// What a message between two bulk channels asks or says.
enum class BulkKind : uint8_t {
  kGet = 1,    ///< send me bytes [offset, offset + length) of the object whose bytes hash to `hash`
  kChunk = 2,  ///< here they are, in the frame behind; `hash` is that of this chunk
  kGone = 3,   ///< nothing of that number and hash is offered
};

/// The first frame of every message, 48 bytes, little-endian:
///
///     0  magic "NBLK"   4  version 1   5  kind   6  two zero bytes
///     8  object        16  ticket     24  offset     32  length     40  hash
///
/// `ticket` names a fetch at the end that asks and comes back as it was. Hashes are XXH3-64.
struct BulkHeader {
  BulkKind kind = BulkKind::kGet;
  uint64_t object = 0;
  uint64_t ticket = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
  uint64_t hash = 0;

  bool operator==(const BulkHeader&) const = default;
};

inline constexpr size_t kBulkHeaderBytes = 48;

std::string pack(const BulkHeader& header);

/// The header that `bytes` are; none unless size, magic, version, kind and zero bytes are right.
std::optional<BulkHeader> unpack_bulk_header(std::span<const std::byte> bytes);

}  // namespace nelumbo
