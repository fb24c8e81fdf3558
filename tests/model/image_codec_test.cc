// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <png.h>
#include <turbojpeg.h>

#include "model/image.h"

namespace nelumbo {
namespace {

using Bytes = std::vector<uint8_t>;

/// A picture without two equal pixels next to each other.
Image pattern(int64_t width, int64_t height) {
  Image image{width, height, {}};
  for (int64_t i = 0; i < width * height; ++i)
    image.rgb.insert(image.rgb.end(), {static_cast<uint8_t>(i * 7), static_cast<uint8_t>(i * 11),
                                       static_cast<uint8_t>(255 - i * 3)});
  return image;
}

Bytes png_of(uint32_t format, uint32_t width, uint32_t height, const void* pixels) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = width;
  png.height = height;
  png.format = format;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  Bytes bytes(size);
  EXPECT_NE(png_image_write_to_memory(&png, bytes.data(), &size, 0, pixels, 0, nullptr), 0);
  bytes.resize(size);
  return bytes;
}

void expect_refused(const Bytes& bytes, const std::string& part) {
  const Result<Image> image = decode_image(bytes, "the.place");
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, Errc::kBadData);
  EXPECT_EQ(image.error().message.rfind("the.place: ", 0), 0U) << image.error().message;
  EXPECT_NE(image.error().message.find(part), std::string::npos) << image.error().message;
}

TEST(Png, GivesEveryPixelBack) {
  const Image image = pattern(31, 17);
  const Result<Image> again = decode_image(encode_png(image), "x");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value().width, 31);
  EXPECT_EQ(again.value().rgb, image.rgb);
}

TEST(Png, TurnsGrayIntoThreeEqualChannels) {
  const Bytes gray{0, 100, 255};
  const Result<Image> image = decode_image(png_of(PNG_FORMAT_GRAY, 3, 1, gray.data()), "x");
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image.value().rgb, (Bytes{0, 0, 0, 100, 100, 100, 255, 255, 255}));
}

TEST(Png, LaysAlphaOverWhite) {
  const Bytes rgba{10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51};
  const Result<Image> image = decode_image(png_of(PNG_FORMAT_RGBA, 3, 1, rgba.data()), "x");
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image.value().rgb, (Bytes{10, 20, 30, 255, 255, 255, 204, 224, 244}));
}

TEST(Png, ReadsSixteenBits) {
  const std::vector<uint16_t> linear{0, 65535, 0, 65535, 0, 65535};
  const Result<Image> image = decode_image(png_of(PNG_FORMAT_LINEAR_RGB, 2, 1, linear.data()), "x");
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image.value().rgb, (Bytes{0, 255, 0, 255, 0, 255}));
}

TEST(Png, RefusesAFileThatEndsEarlyWhereverItEnds) {
  const Bytes whole = encode_png(pattern(40, 30));
  for (size_t size = 8; size + 13 < whole.size(); size += 11)
    EXPECT_FALSE(decode_image({whole.begin(), whole.begin() + size}, "x").ok()) << size;
}

TEST(Png, RefusesAFlippedBitInItsPixels) {
  Bytes bytes = encode_png(pattern(40, 30));
  bytes[bytes.size() / 2] ^= 4;
  expect_refused(bytes, "damaged");
}

TEST(Png, RefusesAHugePictureByItsHeader) {
  const Bytes wide(20000 * 3, 9);
  expect_refused(png_of(PNG_FORMAT_RGB, 20000, 1, wide.data()), "20000 x 1 pixels; at most 16384");
}

TEST(Jpeg, StaysCloseToASmoothPicture) {
  Image image{64, 48, {}};
  for (int64_t y = 0; y < 48; ++y)
    for (int64_t x = 0; x < 64; ++x)
      image.rgb.insert(image.rgb.end(), {static_cast<uint8_t>(x * 2), static_cast<uint8_t>(y * 3),
                                         static_cast<uint8_t>(100 + x)});
  const Result<Image> again = decode_image(encode_jpeg(image, 95), "x");
  ASSERT_TRUE(again.ok()) << again.error().message;
  int worst = 0;
  for (size_t i = 0; i < image.rgb.size(); ++i)
    worst = std::max(worst, std::abs(image.rgb[i] - again.value().rgb[i]));
  EXPECT_LE(worst, 8);
  EXPECT_LT(encode_jpeg(image, 20).size(), encode_jpeg(image, 95).size());
}

TEST(Jpeg, ReadsInvertedInk) {
  const Bytes inks(16 * 16 * 4, 128);
  tjhandle turbo = tjInitCompress();
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  ASSERT_EQ(
      tjCompress2(turbo, inks.data(), 16, 0, 16, TJPF_CMYK, &buffer, &size, TJSAMP_444, 100, 0), 0);
  const Bytes bytes(buffer, buffer + size);
  tjFree(buffer);
  tjDestroy(turbo);
  const Result<Image> image = decode_image(bytes, "x");
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_NEAR(image.value().rgb[0], 128 * 128 / 255, 2);
}

TEST(Jpeg, RefusesAFileThatEndsEarlyWhereverItEnds) {
  const Bytes whole = encode_jpeg(pattern(40, 30), 90);
  for (size_t size = 3; size < whole.size(); size += 7)
    EXPECT_FALSE(decode_image({whole.begin(), whole.begin() + size}, "x").ok()) << size;
  expect_refused({whole.begin(), whole.begin() + whole.size() / 2}, "cut short");
}

TEST(Jpeg, RefusesAHugePictureByItsHeader) {
  Bytes bytes = encode_jpeg(pattern(8, 8), 90);
  const Bytes frame{0xFF, 0xC0};
  const auto at = std::search(bytes.begin(), bytes.end(), frame.begin(), frame.end());
  ASSERT_NE(at, bytes.end());
  const Bytes size{0x3F, 0xFF, 0x3F, 0xFF};
  std::copy(size.begin(), size.end(), at + 5);
  expect_refused(bytes, "16383 x 16383 pixels");
}

TEST(Jpeg, RefusesMoreScansOfAllPixelsThanTimeAllows) {
  Bytes bytes = encode_jpeg(pattern(8, 8), 90);
  const Bytes frame{0xFF, 0xC0};
  const Bytes size{0x17, 0x70, 0x17, 0x70};
  std::copy(size.begin(), size.end(),
            std::search(bytes.begin(), bytes.end(), frame.begin(), frame.end()) + 5);
  const Bytes start{0xFF, 0xDA};
  const Bytes scan(std::search(bytes.begin(), bytes.end(), start.begin(), start.end()),
                   bytes.end() - 2);
  for (int i = 0; i < 17; ++i)
    bytes.insert(bytes.end() - 2, scan.begin(), scan.end());
  expect_refused(bytes, "6000 x 6000 pixels in 18 scans; at most 17 are accepted");
}

TEST(DecodeImage, SaysWhatIsNoPicture) {
  expect_refused({}, "empty");
  expect_refused({'<', 's', 'v', 'g', '>'}, "neither JPEG nor PNG");
  expect_refused({0xFF, 0xD8, 0xFF}, "the.place: ");
  expect_refused({0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, "the.place: ");
}

TEST(DecodeImage, SurvivesDamageAnywhere) {
  for (const Bytes& whole : {encode_png(pattern(12, 9)), encode_jpeg(pattern(12, 9), 80)})
    for (size_t i = 0; i < whole.size(); ++i) {
      Bytes bytes = whole;
      bytes[i] ^= 0x55;
      const Result<Image> image = decode_image(bytes, "x");
      if (image.ok()) {
        EXPECT_EQ(std::ssize(image.value().rgb), image.value().width * image.value().height * 3);
      }
    }
}

}  // namespace
}  // namespace nelumbo
