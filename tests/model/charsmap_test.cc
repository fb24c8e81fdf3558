// SPDX-License-Identifier: Apache-2.0
#include "model/charsmap.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string base64(const std::string& bytes) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0);
    for (int k = 0; k < 4; ++k)
      text += i + k > bytes.size() ? '=' : letters[bits >> (18 - 6 * k) & 63];
  }
  return text;
}

std::string number(uint32_t value) {
  std::string bytes;
  for (int k = 0; k < 4; ++k)
    bytes += static_cast<char>(value >> (8 * k) & 0xFF);
  return bytes;
}

/// A double array in which the children of each node lie in a block of 256 units of their own.
class Trie {
 public:
  Trie() : units_(512, 0) { units_[0] = 256 << 10; }

  void add(const std::string& key, uint32_t value) {
    uint32_t base = 256;
    for (size_t i = 0; i < key.size(); ++i) {
      const auto byte = static_cast<uint8_t>(key[i]);
      const uint32_t at = base ^ byte;
      if (units_[at] == 0) {
        units_[at] = byte | (at ^ static_cast<uint32_t>(units_.size())) << 10;
        units_.resize(units_.size() + 256, 0);
      }
      base = at ^ units_[at] >> 10;
      if (i + 1 == key.size()) {
        units_[at] |= 1 << 8;
        units_[base] = 1U << 31 | value;
      }
    }
  }

  std::string bytes() const {
    std::string all;
    for (const uint32_t unit : units_)
      all += number(unit);
    return number(static_cast<uint32_t>(all.size())) + all;
  }

 private:
  std::vector<uint32_t> units_;
};

std::string file_of(const std::map<std::string, std::string>& pairs) {
  Trie trie;
  std::string replacements;
  for (const auto& [from, to] : pairs) {
    trie.add(from, static_cast<uint32_t>(replacements.size()));
    replacements += to + std::string(1, '\0');
  }
  return base64(trie.bytes() + replacements);
}

std::string applied(const std::string& file, const std::string& text) {
  const Result<Charsmap> map = Charsmap::parse(file, "p");
  return map.ok() ? map.value().apply(text) : map.error().message;
}

TEST(Charsmap, ReplacesWholeGraphemesElseCharacters) {
  const std::string file = file_of({{"ﬁ", "fi"}, {"e\u0301", "é"}, {"①", "1"}, {"\t", " "}});
  EXPECT_EQ(applied(file, "ﬁn\te\u0301①x"), "fin é1x");
  EXPECT_EQ(applied(file, "①\u0302\u0302\u0302"), "1\u0302\u0302\u0302")
      << "a long grapheme goes character by character";
}

TEST(Charsmap, TakesTheShortestStringForAWholeGrapheme) {
  EXPECT_EQ(applied(file_of({{"a", "b"}}), "a\u0301a"), "bb");
}

TEST(Charsmap, RemovesWhatStandsForNothing) {
  EXPECT_EQ(applied(file_of({{"\u200b", ""}}), "a\u200bb"), "ab");
}

TEST(Charsmap, RefusesWhatIsNoMap) {
  EXPECT_NE(applied("!", "").find("must be base64"), std::string::npos);
  for (const std::string& bytes :
       {std::string(), std::string("abc"), number(8) + number(0), number(3) + number(0), number(0)})
    EXPECT_EQ(applied(base64(bytes), "x"),
              "p: precompiled_charsmap has no trie of the size it names");
  EXPECT_NE(applied(base64(number(4) + number(0) + "\xFF"), "").find("must be UTF-8"),
            std::string::npos);
  EXPECT_NE(applied(base64(number(4) + number(0) + std::string(300, 'x')), "").find("at most 256"),
            std::string::npos);
}

TEST(Charsmap, StaysInsideATrieThatPointsOutside) {
  for (const uint32_t unit : {0xFFFFFFFFU, 0x7FFFFFFFU, 1U << 10, 0x161U}) {
    const std::string trie = number(12) + number(unit) + number(unit) + number(unit);
    EXPECT_FALSE(applied(base64(trie + "\xC3\xA9"), "aé漢").empty());
  }
}

}  // namespace
}  // namespace nelumbo
