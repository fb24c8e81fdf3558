// SPDX-License-Identifier: Apache-2.0
#include "model/unigram.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

using Ids = std::vector<int32_t>;

Ids encoded(const Unigram& unigram, const std::string& word) {
  Ids ids;
  unigram.encode(word, ids);
  return ids;
}

std::array<int32_t, 256> bytes_from(int32_t first) {
  std::array<int32_t, 256> ids{};
  for (int32_t byte = 0; byte < 256; ++byte)
    ids[byte] = first + byte;
  return ids;
}

TEST(Unigram, TakesTheCutOfTheHighestScore) {
  const Unigram unigram({{"<unk>", 0}, {"a", -1}, {"b", -1}, {"ab", -1.5}, {"ba", -3.5}}, 0, {});
  EXPECT_EQ(encoded(unigram, "ab"), (Ids{3}));
  EXPECT_EQ(encoded(unigram, "aba"), (Ids{3, 1}));
  EXPECT_EQ(encoded(unigram, "ba"), (Ids{2, 1})) << "-2 is more than -3.5";
  EXPECT_EQ(encoded(unigram, ""), Ids{});
}

TEST(Unigram, FusesUnknownCharacters) {
  const Unigram unigram({{"<unk>", 0}, {"a", -1}}, 0, {});
  EXPECT_EQ(encoded(unigram, "xyaz"), (Ids{0, 1, 0}));
}

TEST(Unigram, SpellsUnknownCharactersInBytes) {
  const Unigram all({{"<unk>", 0}, {"a", -1}}, 0, bytes_from(10));
  EXPECT_EQ(encoded(all, "éax"), (Ids{10 + 0xC3, 10 + 0xA9, 1, 10 + 'x'}));
  std::array<int32_t, 256> some = bytes_from(10);
  some['x'] = -1;
  EXPECT_EQ(encoded(Unigram({{"<unk>", 0}, {"a", -1}}, 0, some), "éx"), (Ids{0}))
      << "one byte without a token makes the run unknown";
}

TEST(Unigram, NeverTakesAPieceThatDoesNotMatch) {
  const Unigram unigram({{"<unk>", 0}, {"<s>", 0, false}, {"<", -1}, {"s", -1}, {">", -1}}, 0, {});
  EXPECT_EQ(encoded(unigram, "<s>"), (Ids{2, 3, 4}));
}

TEST(Unigram, CountsTheLaterOfEqualPieces) {
  EXPECT_EQ(encoded(Unigram({{"<unk>", 0}, {"a", -1}, {"a", -2}}, 0, {}), "a"), (Ids{2}));
}

/// The best score of all cuts, by trying them.
double best_score(const std::vector<UnigramPiece>& pieces, const std::string& word) {
  double best = word.empty() ? 0 : -1e9;
  for (const UnigramPiece& piece : pieces)
    if (!piece.text.empty() && word.compare(0, piece.text.size(), piece.text) == 0)
      best = std::max(best, piece.score + best_score(pieces, word.substr(piece.text.size())));
  return best;
}

TEST(Unigram, ScoresAsHighAsTheBestOfAllCuts) {
  Random random(5, Purpose::kControl);
  for (int round = 0; round < 50; ++round) {
    std::vector<UnigramPiece> pieces{{"<unk>", 0}, {"a", -2}, {"b", -2}};
    for (int k = 0; k < 6; ++k) {
      std::string text;
      for (int64_t n = 2 + random.below(3); n > 0; --n)
        text += static_cast<char>('a' + random.below(2));
      const bool is_new = std::none_of(pieces.begin(), pieces.end(),
                                       [&](const auto& piece) { return piece.text == text; });
      if (is_new)
        pieces.push_back({text, -1 - static_cast<double>(random.below(100)) / 16});
    }
    std::string word;
    for (int64_t n = random.below(10); n > 0; --n)
      word += static_cast<char>('a' + random.below(2));
    double score = 0;
    std::string spelt;
    for (const int32_t id : encoded(Unigram(pieces, 0, {}), word)) {
      score += pieces[id].score;
      spelt += pieces[id].text;
    }
    EXPECT_EQ(spelt, word);
    EXPECT_EQ(score, best_score(pieces, word));
  }
}

TEST(Unigram, EndsSoonOnALongWord) {
  std::vector<UnigramPiece> pieces{{"<unk>", 0}};
  for (size_t size = 1; size <= 64; ++size)
    pieces.push_back({std::string(size, 'a'), -1 - static_cast<double>(size) / 100});
  EXPECT_EQ(encoded(Unigram(pieces, 0, {}), std::string(640'000, 'a')).size(), 10'000U);
}

}  // namespace
}  // namespace nelumbo
