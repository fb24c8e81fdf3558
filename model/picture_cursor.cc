// SPDX-License-Identifier: Apache-2.0
#include "model/picture_cursor.h"

namespace nelumbo {

std::optional<PictureToken> PictureCursor::next() {
  if (picture_ == pictures_.size())
    return std::nullopt;
  const TokenGrid grid = layout_.grid(*pictures_[picture_]);
  const PictureToken token{picture_, index_, grid};
  if (++index_ == grid.tokens()) {
    ++picture_;
    index_ = 0;
  }
  return token;
}

int64_t PictureCursor::left() const {
  int64_t tokens = -index_;
  for (const Pixels& picture : pictures_.subspan(picture_))
    tokens += layout_.grid(*picture).tokens();
  return tokens;
}

}  // namespace nelumbo
