// SPDX-License-Identifier: Apache-2.0
#include "rollout/sequence.h"

#include <span>

#include "base/check.h"
#include "base/hash.h"
#include "model/forward.h"
#include "model/picture_cursor.h"

namespace nelumbo {

void encode(std::span<EncodedPicture* const> fresh, const Network& network,
            const EngineWeights& weights, EngineOps& ops) {
  std::vector<Pixels> pixels;
  pixels.reserve(fresh.size());
  for (const EncodedPicture* picture : fresh)
    pixels.push_back(picture->pixels);
  for (size_t begin = 0; begin < fresh.size();) {
    const auto left = std::span<const Pixels>(pixels).subspan(begin);
    const size_t count = pictures_of_pass(network.config.vision, left);
    ops.reset();
    ops.begin(weights, nullptr);
    const EngineOps::Tensor features = image_features(ops, network, left.first(count));
    const float* from = features.data;
    for (EncodedPicture* picture : fresh.subspan(begin, count)) {
      const int64_t each = picture->grid.tokens() * features.cols;
      picture->features.assign(from, from + each);
      from += each;
    }
    begin += count;
  }
}

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
