// SPDX-License-Identifier: Apache-2.0
#include "corpus/ngram_index.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>

#include "base/hash.h"
#include "corpus/unicode.h"

namespace nelumbo {

std::vector<uint64_t> ngrams_of(std::string_view text) {
  std::vector<uint64_t> words;
  for (const std::string& word : words_of(text))
    words.push_back(xxh3_64(bytes_of(word)));
  std::vector<uint64_t> grams;
  constexpr auto kWidth = static_cast<size_t>(kComparedWords);
  for (size_t first = 0; first + kWidth <= words.size(); ++first)
    grams.push_back(xxh3_64(std::as_bytes(std::span(words).subspan(first, kWidth))));
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

int64_t NgramIndex::add(std::string_view text) {
  const int64_t number = std::ssize(sizes_);
  const std::vector<uint64_t> grams = ngrams_of(text);
  for (const uint64_t gram : grams)
    texts_of_[gram].push_back(static_cast<int32_t>(number));
  sizes_.push_back(std::ssize(grams));
  return number;
}

std::vector<NgramIndex::Overlap> NgramIndex::overlaps(std::string_view text) const {
  const std::vector<uint64_t> grams = ngrams_of(text);
  std::map<int32_t, int64_t> common;
  for (const uint64_t gram : grams)
    if (const auto found = texts_of_.find(gram); found != texts_of_.end())
      for (const int32_t other : found->second)
        ++common[other];
  std::vector<Overlap> overlaps;
  for (const auto& [other, count] : common) {
    const int64_t fewer = std::min(std::ssize(grams), sizes_[static_cast<size_t>(other)]);
    overlaps.push_back({other, count, static_cast<double>(count) / static_cast<double>(fewer)});
  }
  std::stable_sort(overlaps.begin(), overlaps.end(),
                   [](const Overlap& a, const Overlap& b) { return a.share > b.share; });
  return overlaps;
}

}  // namespace nelumbo
