// SPDX-License-Identifier: Apache-2.0
//
// JPEG through libjpeg-turbo's TurboJPEG interface, PNG through libpng's simplified one. Sizes are
// judged from the header, before memory is taken for pixels.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <png.h>
#include <turbojpeg.h>

#include "base/check.h"
#include "model/image.h"

namespace nelumbo {
namespace {

constexpr int64_t kLongestSide = 16384;
constexpr int64_t kMostScanned = 16 * kMostPixels;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

Result<void> check_size(int64_t width, int64_t height, const std::string& place) {
  if (width <= 0 || height <= 0)
    return bad(place, "ends before the size of the picture");
  if (width <= kLongestSide && height <= kLongestSide && width * height <= kMostPixels)
    return {};
  return bad(place, "a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                        " pixels; at most " + std::to_string(kLongestSide) + " along a side and " +
                        std::to_string(kMostPixels) + " in all are accepted");
}

/// Scans of a JPEG file: what follows an 0xFF is a marker, with a length behind it but for a few.
int64_t scans_of(const std::vector<uint8_t>& bytes) {
  int64_t scans = 0;
  for (size_t at = 2; at + 3 < bytes.size();) {
    const uint8_t marker = bytes[at + 1];
    const bool has_length =
        bytes[at] == 0xFF && marker > 0x01 && marker != 0xFF && (marker < 0xD0 || marker > 0xD9);
    scans += has_length && marker == 0xDA ? 1 : 0;
    at += has_length ? 2 + (bytes[at + 2] << 8 | bytes[at + 3]) : 1;
  }
  return scans;
}

/// A scan of a progressive file can be a few bytes, and takes its time for all pixels.
Result<void> check_scans(const std::vector<uint8_t>& bytes, int64_t width, int64_t height,
                         const std::string& place) {
  const int64_t scans = scans_of(bytes);
  if (scans * width * height <= kMostScanned)
    return {};
  return bad(place, "a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                        " pixels in " + std::to_string(scans) + " scans; at most " +
                        std::to_string(kMostScanned / (width * height)) + " are accepted");
}

struct CloseTurbo {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, CloseTurbo>;

/// Adobe's CMYK, whose inks are stored inverted: a channel is ink times black.
Image from_cmyk(const std::vector<uint8_t>& cmyk, int64_t width, int64_t height) {
  Image image{width, height, std::vector<uint8_t>(width * height * 3)};
  for (int64_t i = 0; i < width * height; ++i)
    for (int64_t c = 0; c < 3; ++c)
      image.rgb[i * 3 + c] = static_cast<uint8_t>((cmyk[i * 4 + c] * cmyk[i * 4 + 3] + 127) / 255);
  return image;
}

/// Stops at the first warning (a scan that ends early, bytes that are no code) and at a progressive
/// file of absurdly many scans.
Result<Image> decode_jpeg(const std::vector<uint8_t>& bytes, const std::string& place) {
  const Turbo turbo(tjInitDecompress());
  NELUMBO_CHECK(turbo) << "no memory for a JPEG decoder";
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(turbo.get(), bytes.data(), bytes.size(), &width, &height, &subsampling,
                          &colours) != 0)
    return bad(place, std::string("not a JPEG picture: ") + tjGetErrorStr2(turbo.get()));
  if (const auto fits = check_size(width, height, place); !fits)
    return fits.error();
  if (const auto few = check_scans(bytes, width, height, place); !few)
    return few.error();

  const bool cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
  const int64_t channels = cmyk ? 4 : 3;
  std::vector<uint8_t> pixels(static_cast<int64_t>(width) * height * channels);
  if (tjDecompress2(turbo.get(), bytes.data(), bytes.size(), pixels.data(), width, 0, height,
                    cmyk ? TJPF_CMYK : TJPF_RGB, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0)
    return bad(place, std::string("damaged or cut short: ") + tjGetErrorStr2(turbo.get()));
  return cmyk ? from_cmyk(pixels, width, height) : Image{width, height, std::move(pixels)};
}

/// Straight alpha over white.
Image over_white(const std::vector<uint8_t>& rgba, int64_t width, int64_t height) {
  Image image{width, height, std::vector<uint8_t>(width * height * 3)};
  for (int64_t i = 0; i < width * height; ++i) {
    const int alpha = rgba[i * 4 + 3];
    for (int64_t c = 0; c < 3; ++c)
      image.rgb[i * 3 + c] =
          static_cast<uint8_t>((rgba[i * 4 + c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  return image;
}

/// Owns what libpng allocates behind a png_image.
struct PngReader {
  png_image image{};

  PngReader() { image.version = PNG_IMAGE_VERSION; }
  ~PngReader() { png_image_free(&image); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
};

Result<Image> decode_png(const std::vector<uint8_t>& bytes, const std::string& place) {
  PngReader reader;
  png_image& png = reader.image;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0)
    return bad(place, std::string("not a PNG picture: ") + png.message);
  if (const auto fits = check_size(png.width, png.height, place); !fits)
    return fits.error();

  const bool alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  png.format = alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  const int64_t width = png.width;
  const int64_t height = png.height;
  std::vector<uint8_t> pixels(width * height * (alpha ? 4 : 3));
  if (png_image_finish_read(&png, nullptr, pixels.data(), 0, nullptr) == 0)
    return bad(place, std::string("damaged or cut short: ") + png.message);
  if (png.warning_or_error != 0 && std::strncmp(png.message, "IDAT:", 5) == 0)
    return bad(place, std::string("damaged: ") + png.message);
  return alpha ? over_white(pixels, width, height) : Image{width, height, std::move(pixels)};
}

bool starts_with(const std::vector<uint8_t>& bytes, std::initializer_list<uint8_t> magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

}  // namespace

Result<Image> decode_image(const std::vector<uint8_t>& bytes, const std::string& place) {
  if (starts_with(bytes, {0xFF, 0xD8, 0xFF}))
    return decode_jpeg(bytes, place);
  if (starts_with(bytes, {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}))
    return decode_png(bytes, place);
  return bad(place, bytes.empty() ? "an empty file, not a picture"
                                  : "neither JPEG nor PNG by its first bytes");
}

std::vector<uint8_t> encode_png(const Image& image) {
  NELUMBO_CHECK(std::ssize(image.rgb) == image.width * image.height * 3) << "not a picture";
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = image.width;
  png.height = image.height;
  png.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::vector<uint8_t> bytes(size);
  const int done =
      png_image_write_to_memory(&png, bytes.data(), &size, 0, image.rgb.data(), 0, nullptr);
  NELUMBO_CHECK(done != 0) << png.message;
  bytes.resize(size);
  return bytes;
}

std::vector<uint8_t> encode_jpeg(const Image& image, int quality) {
  NELUMBO_CHECK(std::ssize(image.rgb) == image.width * image.height * 3) << "not a picture";
  NELUMBO_CHECK(quality >= 1 && quality <= 100) << "quality " << quality;
  const Turbo turbo(tjInitCompress());
  NELUMBO_CHECK(turbo) << "no memory for a JPEG encoder";
  const int width = static_cast<int>(image.width);
  const int height = static_cast<int>(image.height);
  unsigned long size = tjBufSize(width, height, TJSAMP_420);
  std::vector<uint8_t> bytes(size);
  uint8_t* buffer = bytes.data();
  const int failed = tjCompress2(turbo.get(), image.rgb.data(), width, 0, height, TJPF_RGB, &buffer,
                                 &size, TJSAMP_420, quality, TJFLAG_NOREALLOC);
  NELUMBO_CHECK(failed == 0) << tjGetErrorStr2(turbo.get());
  bytes.resize(size);
  return bytes;
}

}  // namespace nelumbo
