// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_deck.h"

#include <utility>

#include "base/check.h"

namespace nelumbo {

TextDeck::TextDeck(EntitySampler sampler, int64_t documents)
    : documents_(documents), sampler_(std::move(sampler)) {
  NELUMBO_CHECK(documents > 0) << "a deck without documents";
}

int64_t TextDeck::at(int64_t index) const {
  NELUMBO_CHECK(index >= 0) << "no place " << index;
  const std::scoped_lock lock(mutex_);
  while (std::ssize(epochs_) * documents_ <= index)
    epochs_.push_back(sampler_.draw(documents_));
  return epochs_[static_cast<size_t>(index / documents_)][static_cast<size_t>(index % documents_)];
}

}  // namespace nelumbo
