// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_wire.h"

#include <array>
#include <bit>
#include <cstring>

namespace nelumbo {
namespace {

constexpr std::array<char, 4> kMagic = {'N', 'B', 'L', 'K'};
constexpr char kVersion = 1;
constexpr size_t kNumbersAt = 8;

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie");

}  // namespace

std::string pack(const BulkHeader& header) {
  std::string bytes(kBulkHeaderBytes, '\0');
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  bytes[4] = kVersion;
  bytes[5] = static_cast<char>(header.kind);
  const std::array<uint64_t, 5> numbers = {header.object, header.ticket, header.offset,
                                           header.length, header.hash};
  std::memcpy(bytes.data() + kNumbersAt, numbers.data(), sizeof(numbers));
  return bytes;
}

std::optional<BulkHeader> unpack_bulk_header(std::span<const std::byte> bytes) {
  if (bytes.size() != kBulkHeaderBytes)
    return std::nullopt;
  std::array<char, kNumbersAt> head{};
  std::array<uint64_t, 5> numbers{};
  std::memcpy(head.data(), bytes.data(), head.size());
  std::memcpy(numbers.data(), bytes.data() + kNumbersAt, sizeof(numbers));
  const bool ours = std::memcmp(head.data(), kMagic.data(), kMagic.size()) == 0 &&
                    head[4] == kVersion && head[6] == 0 && head[7] == 0;
  if (!ours || head[5] < static_cast<char>(BulkKind::kGet) ||
      head[5] > static_cast<char>(BulkKind::kGone))
    return std::nullopt;
  return BulkHeader{.kind = static_cast<BulkKind>(head[5]),
                    .object = numbers[0],
                    .ticket = numbers[1],
                    .offset = numbers[2],
                    .length = numbers[3],
                    .hash = numbers[4]};
}

}  // namespace nelumbo
