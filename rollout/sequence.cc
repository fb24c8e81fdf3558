// SPDX-License-Identifier: Apache-2.0
#include "rollout/sequence.h"

#include <span>

#include "base/check.h"
#include "base/hash.h"

namespace nelumbo {

const EncodedPicture& ActiveGroup::picture(const Pixels& pixels) {
  const uint64_t hash = xxh3_64(std::as_bytes(std::span(*pixels)));
  for (const EncodedPicture& known : pictures)
    if (known.hash == hash && *known.pixels == *pixels)
      return known;
  return pictures.emplace_back(EncodedPicture{pixels, hash, {}});
}

std::vector<Input> ActiveGroup::inputs(const std::vector<int32_t>& tokens,
                                       const std::vector<Pixels>& pixels,
                                       std::optional<int32_t> image_token, int64_t image_tokens) {
  std::vector<Input> result;
  int64_t placeholders = 0;
  for (const int32_t token : tokens) {
    Input input{.token = token};
    if (token == image_token) {
      const auto which = static_cast<size_t>(placeholders / image_tokens);
      NELUMBO_CHECK(which < pixels.size()) << "more image tokens than pictures";
      input.picture = &picture(pixels[which]);
      input.feature = placeholders++ % image_tokens;
    }
    result.push_back(input);
  }
  NELUMBO_CHECK(placeholders == std::ssize(pixels) * image_tokens) << "pictures without tokens";
  return result;
}

}  // namespace nelumbo
