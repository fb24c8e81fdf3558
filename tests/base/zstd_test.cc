// SPDX-License-Identifier: Apache-2.0
#include "base/zstd.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 40000; ++i)
    text += std::to_string(i) + "\n";
  return text;
}

std::string error_of(std::string_view bytes, int64_t max_bytes = 1 << 20) {
  auto text = zstd_decompress(bytes, max_bytes);
  return text ? "no error" : text.error().message;
}

TEST(Zstd, GivesBackWhatItCompressed) {
  for (const std::string& text : {std::string(), std::string("a"), long_text(),
                                  std::string(1 << 16, 'x'), std::string(1 << 17, 'x')}) {
    auto back = zstd_decompress(zstd_compress(text), 1 << 20);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back.value(), text);
  }
}

TEST(Zstd, ReadsFramesWrittenOneAfterAnother) {
  const std::string text = long_text();
  auto back =
      zstd_decompress(zstd_compress("one\n") + zstd_compress(text) + zstd_compress(""), 1 << 20);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back.value(), "one\n" + text);
  EXPECT_EQ(zstd_decompress("", 10).value(), "");
}

TEST(Zstd, RefusesABomb) {
  const std::string bomb = zstd_compress(std::string(100 << 20, '\0'));
  EXPECT_LT(bomb.size(), 20000u);
  EXPECT_EQ(error_of(bomb, 1000), "zstd: holds more than 1000 bytes");
}

TEST(Zstd, NoticesDamage) {
  const std::string whole = zstd_compress(long_text());
  for (const size_t kept : {size_t{3}, whole.size() / 2, whole.size() - 1})
    EXPECT_EQ(error_of(whole.substr(0, kept)), "zstd: is cut short") << kept;
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  EXPECT_NE(error_of(flipped), "no error");
  EXPECT_EQ(error_of("plain text"), "zstd: Unknown frame descriptor");
}

TEST(Zstd, MakesNoRoomForWhatAFrameOnlyAnnounces) {
  const std::string sixty_four_mb("\x28\xb5\x2f\xfd\xa0\x97\x04\x00\x04\x00\x00", 11);
  const auto text = zstd_decompress(sixty_four_mb, 1 << 30);
  ASSERT_FALSE(text.ok());
  EXPECT_NE(text.error().message.find("too much memory"), std::string::npos)
      << text.error().message;
}

}  // namespace
}  // namespace nelumbo
