// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_wire.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace nelumbo {
namespace {

const BulkHeader kChunk{.kind = BulkKind::kChunk,
                        .object = 0x0102,
                        .ticket = 3,
                        .offset = 1ULL << 32,
                        .length = 5,
                        .hash = 0xF0DEBC9A78563412ULL};

TEST(BulkWire, LiesAsItsDescriptionSays) {
  const std::string bytes = pack(kChunk);
  ASSERT_EQ(bytes.size(), kBulkHeaderBytes);
  const std::string expected(
      "NBLK\x01\x02\0\0"
      "\x02\x01\0\0\0\0\0\0"
      "\x03\0\0\0\0\0\0\0"
      "\0\0\0\0\x01\0\0\0"
      "\x05\0\0\0\0\0\0\0"
      "\x12\x34\x56\x78\x9A\xBC\xDE\xF0",
      kBulkHeaderBytes);
  EXPECT_EQ(bytes, expected);
  EXPECT_EQ(unpack_bulk_header(bytes_of(bytes)), kChunk);
}

TEST(BulkWire, RefusesAWrongByteInTheHead) {
  for (size_t i = 0; i < 8; ++i) {
    std::string bytes = pack(kChunk);
    bytes[i] = '\x7F';
    EXPECT_FALSE(unpack_bulk_header(bytes_of(bytes))) << i;
  }
  std::string bytes = pack(kChunk);
  bytes[5] = '\0';
  EXPECT_FALSE(unpack_bulk_header(bytes_of(bytes)));
  bytes[5] = '\xFF';
  EXPECT_FALSE(unpack_bulk_header(bytes_of(bytes)));
}

TEST(BulkWire, RefusesEveryOtherSize) {
  const std::string bytes = pack(kChunk) + "x";
  for (size_t size = 0; size <= bytes.size(); ++size)
    EXPECT_EQ(unpack_bulk_header(bytes_of(bytes.substr(0, size))).has_value(),
              size == kBulkHeaderBytes);
}

}  // namespace
}  // namespace nelumbo
