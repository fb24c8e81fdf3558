// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/byte_trie.h"

namespace nelumbo {

/// A piece of a Unigram vocabulary.
struct UnigramPiece {
  std::string text;
  double score = 0;     ///< log-probability
  bool matches = true;  ///< whether text may become this piece
};

/// Unigram segmentation: of all ways to cut a word into pieces, the one of the highest total score.
/// A character that is no piece scores 10 less than the worst piece. Immutable.
class Unigram {
 public:
  /// `pieces` by id; of two equal ones the later counts. `bytes` are the tokens that spell what no
  /// piece is; where one that is needed is negative, or none are given, `unknown` stands for it.
  /// REQUIRES: unknown is an id of `pieces`.
  Unigram(const std::vector<UnigramPiece>& pieces, int32_t unknown,
          std::optional<std::array<int32_t, 256>> bytes);

  /// Appends the tokens of `word`. REQUIRES: well-formed UTF-8.
  void encode(std::string_view word, std::vector<int32_t>& ids) const;

 private:
  /// The best way to reach a place of the word: by the piece `id` from `from`.
  struct Step {
    double score = 0;
    int64_t from = -1;
    int32_t id = 0;
  };

  std::vector<Step> best_steps(std::string_view word) const;
  void append_unknown(std::string_view part, std::vector<int32_t>& ids) const;

  ByteTrie trie_;
  std::vector<double> scores_;
  int32_t unknown_;
  double unknown_score_ = 0;
  std::optional<std::array<int32_t, 256>> bytes_;
};

}  // namespace nelumbo
