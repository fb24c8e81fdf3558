// SPDX-License-Identifier: Apache-2.0
#include "rollout/sequence.h"

#include <span>

#include "base/check.h"
#include "base/hash.h"
#include "model/picture_cursor.h"

namespace nelumbo {

const EncodedPicture& ActiveGroup::picture(const Pixels& pixels) {
  const uint64_t hash = xxh3_64(std::as_bytes(std::span(pixels->values)));
  for (const EncodedPicture& known : pictures)
    if (known.hash == hash && *known.pixels == *pixels)
      return known;
  return pictures.emplace_back(EncodedPicture{pixels, layout.grid(*pixels), hash, {}});
}

std::vector<Input> ActiveGroup::inputs(const std::vector<int32_t>& tokens,
                                       const std::vector<Pixels>& pixels,
                                       std::optional<int32_t> image_token) {
  std::vector<Input> result;
  PictureCursor cursor(pixels, layout);
  for (const int32_t token : tokens) {
    Input input{.token = token};
    if (token == image_token) {
      const std::optional<PictureToken> seen = cursor.next();
      NELUMBO_CHECK(seen.has_value()) << "more image tokens than pictures";
      input.picture = &picture(pixels[seen->picture]);
      input.feature = seen->index;
    }
    result.push_back(input);
  }
  NELUMBO_CHECK(cursor.left() == 0) << "pictures without tokens";
  return result;
}

}  // namespace nelumbo
