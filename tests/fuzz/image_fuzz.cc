// SPDX-License-Identifier: Apache-2.0
//
// The input is a picture, JPEG or PNG.

#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "model/image.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto image = nelumbo::decode_image({data, data + size}, "fuzz");
  if (!image) {
    NELUMBO_CHECK(!image.error().message.empty()) << "an error without a cause";
    return 0;
  }
  const nelumbo::Image& made = image.value();
  NELUMBO_CHECK(made.width > 0 && made.height > 0 &&
                made.width * made.height <= nelumbo::kMostPixels &&
                std::ssize(made.rgb) == made.width * made.height * 3)
      << "a picture without its pixels";
  const auto width = static_cast<double>(std::min<int64_t>(made.width, 64));
  const auto height = static_cast<double>(std::min<int64_t>(made.height, 64));
  nelumbo::to_picture(
      nelumbo::resize(made, {0, 0, width, height}, 16, 16, nelumbo::Resample::kBicubic));
  return 0;
}
