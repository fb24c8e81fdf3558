// SPDX-License-Identifier: Apache-2.0
//
// The unigram language model of Kudo (2018), decoded by Viterbi over the bytes of the word:
//     best(end) = max over pieces w that end there of best(end - |w|) + score(w).
// Of equal scores the path that was found first stays, that of the longest last piece. Unknown
// characters in a row are one token.

#include "model/unigram.h"

#include <algorithm>

#include "base/check.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

constexpr double kUnknownPenalty = 10;

}  // namespace

Unigram::Unigram(const std::vector<UnigramPiece>& pieces, int32_t unknown,
                 std::optional<std::array<int32_t, 256>> bytes)
    : unknown_(unknown), bytes_(bytes) {
  NELUMBO_CHECK(unknown >= 0 && unknown < std::ssize(pieces)) << "unknown token " << unknown;
  double worst = pieces.front().score;
  for (int32_t id = 0; id < std::ssize(pieces); ++id) {
    const UnigramPiece& piece = pieces[id];
    scores_.push_back(piece.score);
    worst = std::min(worst, piece.score);
    if (piece.matches && !piece.text.empty())
      trie_.add(piece.text, id, true);
  }
  unknown_score_ = worst - kUnknownPenalty;
}

std::vector<Unigram::Step> Unigram::best_steps(std::string_view word) const {
  const int64_t size = std::ssize(word);
  std::vector<Step> best(size + 1);
  const auto reach = [&](int64_t end, int64_t from, int32_t id, double score) {
    if (best[end].from < 0 || score > best[end].score)
      best[end] = {score, from, id};
  };
  for (int64_t at = 0; at < size;) {
    const double so_far = best[at].score;
    const int64_t next = at + character_size(word, at);
    bool is_piece = false;
    int32_t node = ByteTrie::kRoot;
    for (int64_t end = at; end < size;) {
      node = trie_.child(node, static_cast<uint8_t>(word[end++]));
      if (node == ByteTrie::kRoot)
        break;
      if (const auto id = trie_.number(node)) {
        reach(end, at, *id, so_far + scores_[*id]);
        is_piece = is_piece || end == next;
      }
    }
    if (!is_piece)
      reach(next, at, unknown_, so_far + unknown_score_);
    at = next;
  }
  return best;
}

void Unigram::append_unknown(std::string_view part, std::vector<int32_t>& ids) const {
  int32_t node = ByteTrie::kRoot;
  for (const char c : part) {
    node = trie_.child(node, static_cast<uint8_t>(c));
    if (node == ByteTrie::kRoot)
      break;
  }
  if (const auto id = trie_.number(node)) {
    ids.push_back(*id);
    return;
  }
  const bool spelt = bytes_ && std::all_of(part.begin(), part.end(), [&](char c) {
                       return (*bytes_)[static_cast<uint8_t>(c)] >= 0;
                     });
  if (!spelt) {
    ids.push_back(unknown_);
    return;
  }
  for (const char c : part)
    ids.push_back((*bytes_)[static_cast<uint8_t>(c)]);
}

void Unigram::encode(std::string_view word, std::vector<int32_t>& ids) const {
  const std::vector<Step> best = best_steps(word);
  // The path, from its end; unknown characters in a row become one part.
  struct Part {
    int64_t begin, end;
    int32_t id;
  };
  std::vector<Part> path;
  for (int64_t end = std::ssize(word); end > 0; end = best[end].from) {
    const Step& step = best[end];
    if (step.id == unknown_ && !path.empty() && path.back().id == unknown_)
      path.back().begin = step.from;
    else
      path.push_back({step.from, end, step.id});
  }
  for (auto part = path.rbegin(); part != path.rend(); ++part)
    if (part->id == unknown_)
      append_unknown(word.substr(part->begin, part->end - part->begin), ids);
    else
      ids.push_back(part->id);
}

}  // namespace nelumbo
