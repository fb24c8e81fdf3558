// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Hash, GivesThePublishedValuesOfXxh3) {
  EXPECT_EQ(xxh3_128_hex({}), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(xxh3_64({}), 0x2d06800538d394c2u);
}

TEST(Hash, TellsCloseInputsApart) {
  EXPECT_NE(xxh3_128_hex(bytes_of("a")), xxh3_128_hex(bytes_of("b")));
  EXPECT_NE(xxh3_64(bytes_of("a")), xxh3_64(bytes_of("b")));
}

TEST(Hasher, DoesNotCareWhereTheBytesAreCut) {
  const std::string text(3000, 'x');
  Hasher hasher;
  hasher.update(text.substr(0, 1));
  hasher.update(text.substr(1, 1999));
  hasher.update("");
  hasher.update(text.substr(2000));
  EXPECT_EQ(hasher.hex(), xxh3_128_hex(bytes_of(text)));
}

TEST(Hasher, GoesOnAfterItWasAsked) {
  Hasher hasher;
  hasher.update("ab");
  EXPECT_EQ(hasher.hex(), xxh3_128_hex(bytes_of("ab")));
  hasher.update("c");
  EXPECT_EQ(hasher.hex(), xxh3_128_hex(bytes_of("abc")));
}

TEST(Crc32c, GivesTheCheckValue) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283u);
  EXPECT_EQ(crc32c({}), 0u);
  // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and counting up.
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\0'))), 0x8a9136aau);
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\xff'))), 0x62a8ab43u);
  std::string up;
  for (char byte = 0; byte < 32; ++byte)
    up += byte;
  EXPECT_EQ(crc32c(bytes_of(up)), 0x46dd794eu);
}

TEST(Crc32c, GoesOnFromAnEarlierChecksum) {
  EXPECT_EQ(crc32c(bytes_of("6789"), crc32c(bytes_of("12345"))), 0xe3069283u);
}

}  // namespace
}  // namespace nelumbo
