// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "corpus/bccd.h"
#include "corpus/dialogue.h"
#include "corpus/smear_words.h"

namespace nelumbo {

/// A smear of the given cells on a grey picture whose red channel grows to the right and whose
/// green channel grows downwards, so that a crop shows where it was taken.
inline Smear made_smear(std::vector<Cell> cells, int64_t width = 640, int64_t height = 480) {
  Image image{width, height, {}};
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (const int64_t value : {x * 255 / (width - 1), y * 255 / (height - 1), int64_t{128}})
        image.rgb.push_back(static_cast<uint8_t>(value));
  return {"made", std::make_shared<const Image>(std::move(image)), std::move(cells)};
}

/// One white cell, two red ones and two platelets, far from one another.
inline Smear mixed_smear() {
  return made_smear({{Cell::Kind::kWhite, {60, 60, 260, 260}},
                     {Cell::Kind::kRed, {400, 60, 500, 160}},
                     {Cell::Kind::kRed, {100, 340, 200, 440}},
                     {Cell::Kind::kPlatelet, {430, 300, 470, 340}},
                     {Cell::Kind::kPlatelet, {500, 330, 540, 370}}});
}

/// A dialogue over the tokenizer of the smear recipe; pictures take `image_tokens`.
inline std::shared_ptr<const Dialogue> made_dialogue(int64_t image_tokens = 4) {
  Result<Tokenizer> tokenizer =
      train_tokenizer(tokenizer_texts(), {512, special_tokens(), added_tokens()});
  NELUMBO_CHECK(tokenizer.ok()) << tokenizer.error().message;
  Result<Dialogue> dialogue = Dialogue::create(std::move(tokenizer.value()), image_tokens);
  NELUMBO_CHECK(dialogue.ok()) << dialogue.error().message;
  return std::make_shared<const Dialogue>(std::move(dialogue.value()));
}

}  // namespace nelumbo
