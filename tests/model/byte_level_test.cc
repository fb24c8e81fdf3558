// SPDX-License-Identifier: Apache-2.0
#include "model/byte_level.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "model/utf8.h"

namespace nelumbo {
namespace {

TEST(ByteLevel, GivesEveryByteACharacterOfItsOwnAndBack) {
  std::set<std::string> characters;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(1, static_cast<char>(byte));
    const std::string character = to_byte_level(bytes);
    EXPECT_EQ(character_size(character, 0), static_cast<int64_t>(character.size()));
    EXPECT_EQ(from_byte_level(character), bytes) << byte;
    characters.insert(character);
  }
  EXPECT_EQ(characters.size(), 256U);
}

TEST(ByteLevel, KeepsLettersAndShowsSpacesAndNewlines) {
  EXPECT_EQ(to_byte_level("a b\n"), "aĠbĊ");
  EXPECT_EQ(to_byte_level("é"), "Ã©");
  EXPECT_EQ(to_byte_level(std::string("\0\xAD", 2)), "ĀŃ");
}

TEST(ByteLevel, HasNoBytesForOtherCharacters) {
  EXPECT_EQ(from_byte_level("a b"), std::nullopt) << "a plain space is not in the alphabet";
  EXPECT_EQ(from_byte_level("漢"), std::nullopt);
  EXPECT_EQ(from_byte_level("ń"), std::nullopt) << "one beyond the last";
}

}  // namespace
}  // namespace nelumbo
