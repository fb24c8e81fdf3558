// SPDX-License-Identifier: Apache-2.0
#include "corpus/letter_model.h"

#include <cmath>
#include <cstddef>

#include "corpus/unicode.h"

namespace nelumbo {
namespace {

constexpr size_t kSymbols = 28, kGap = 0, kOther = 27;
constexpr double kPrior = 0.5;

/// Calls `use(a, b, c)` with each letter c and the end of each word, behind the two before it.
template <class Use>
void for_each_trigram(std::string_view text, const Use& use) {
  size_t a = kGap, b = kGap;
  const auto next = [&](size_t c) {
    use(a, b, c);
    a = c == kGap ? kGap : b;
    b = c;
  };
  for (const char32_t character : characters_of(text)) {
    const char32_t lower = character | 32;
    if (lower >= 'a' && lower <= 'z' && character < 0x80)
      next(lower - 'a' + 1);
    else if (character >= 0x80 && kind_of(character) == CharacterKind::kLetter)
      next(kOther);
    else if (b != kGap)
      next(kGap);
  }
  if (b != kGap)
    next(kGap);
}

size_t pair_index(size_t a, size_t b) {
  return a * kSymbols + b;
}

}  // namespace

LetterModel::LetterModel()
    : trigrams_(kSymbols * kSymbols * kSymbols), bigrams_(kSymbols * kSymbols) {}

void LetterModel::add(std::string_view text) {
  for_each_trigram(text, [&](size_t a, size_t b, size_t c) {
    ++trigrams_[pair_index(a, b) * kSymbols + c];
    ++bigrams_[pair_index(a, b)];
    ++size_;
  });
}

double LetterModel::surprise(std::string_view text) const {
  double bits = 0;
  int64_t count = 0;
  for_each_trigram(text, [&](size_t a, size_t b, size_t c) {
    const size_t pair = pair_index(a, b);
    bits -= std::log2((trigrams_[pair * kSymbols + c] + kPrior) /
                      (bigrams_[pair] + kPrior * static_cast<double>(kSymbols)));
    ++count;
  });
  return count == 0 ? 0 : bits / static_cast<double>(count);
}

}  // namespace nelumbo
