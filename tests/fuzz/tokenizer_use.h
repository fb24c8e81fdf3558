// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "model/tokenizer.h"

namespace nelumbo {

/// Does all that can be done with a tokenizer.
inline void use_tokenizer(const Tokenizer& tokenizer) {
  constexpr const char* kText =
      "Hello,  World!\n\n\t12345 it's <|im_end|></s><unk> na\xC3\xAFve \xE4\xB8\xAD\xE6\x96\x87 "
      "\xF0\x9F\x8C\xB1\xE2\x80\x8D e\xCC\x81 \xFF\xFE ____aaaaaaaaaaaaaaaaaaaaaaaa  ";
  for (const auto control : {Tokenizer::Control::kPlain, Tokenizer::Control::kRecognised}) {
    const std::vector<int32_t> ids = tokenizer.framed(tokenizer.encode(kText, control));
    NELUMBO_CHECK(std::ranges::all_of(ids, [&](int32_t id) {
      return id >= 0 && id < tokenizer.size();
    })) << "an id that no token has";
    for (const auto special : {Tokenizer::Special::kKeep, Tokenizer::Special::kSkip})
      NELUMBO_CHECK(!invalid_utf8_at(tokenizer.decode(ids, special))) << "decodes to no text";
  }
  std::vector<int32_t> all;
  const auto size = static_cast<int32_t>(std::min<int64_t>(tokenizer.size(), 2000));
  for (int32_t id = -1; id <= size; ++id)
    all.push_back(id);
  (void)tokenizer.decode(all, Tokenizer::Special::kKeep);
  for (int32_t id = 0; id < size; ++id) {
    (void)tokenizer.is_special(id);
    (void)tokenizer.id(tokenizer.piece(id));
  }
}

}  // namespace nelumbo
