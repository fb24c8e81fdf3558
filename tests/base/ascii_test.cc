// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Ascii, HasItsCharactersAndNoOthers) {
  for (int byte = -128; byte < 128; ++byte) {
    const auto c = static_cast<char>(byte);
    EXPECT_EQ(is_digit(c), std::string_view("0123456789").find(c) != std::string_view::npos);
    const bool is_small = byte >= 'a' && byte <= 'z', is_capital = byte >= 'A' && byte <= 'Z';
    EXPECT_EQ(is_ascii_letter(c), is_small || is_capital) << byte;
    EXPECT_EQ(is_ascii_small(c), is_small) << byte;
    EXPECT_EQ(is_ascii_capital(c), is_capital) << byte;
    EXPECT_EQ(is_ascii_alphanumeric(c), is_small || is_capital || is_digit(c)) << byte;
    EXPECT_EQ(ascii_upper(c), is_small ? static_cast<char>(byte - 32) : c) << byte;
    EXPECT_EQ(ascii_lower(c), is_capital ? static_cast<char>(byte + 32) : c) << byte;
  }
}

TEST(Ascii, IsLeftByOneByteAnywhere) {
  EXPECT_TRUE(is_ascii(""));
  for (size_t length = 1; length < 40; ++length) {
    const std::string plain(length, '\x7F');
    EXPECT_TRUE(is_ascii(plain)) << length;
    for (size_t at = 0; at < length; ++at) {
      std::string other = plain;
      other[at] = '\x80';
      EXPECT_FALSE(is_ascii(other)) << at << " of " << length;
      EXPECT_TRUE(is_ascii(std::string_view(other).substr(at + 1)));
    }
  }
}

}  // namespace
}  // namespace nelumbo
