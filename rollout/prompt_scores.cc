// SPDX-License-Identifier: Apache-2.0
#include "rollout/prompt_scores.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/forward.h"
#include "rollout/token_draw.h"

namespace nelumbo {
namespace {

constexpr int64_t kRowsAtOnce = 64;

}  // namespace

EngineOps::Tensor gathered(EngineOps& ops, const EngineOps::Tensor& hidden,
                           std::span<const int64_t> rows) {
  EngineOps::Tensor out = ops.make(std::ssize(rows), hidden.cols);
  for (size_t i = 0; i < rows.size(); ++i)
    std::copy_n(hidden.data + rows[i] * out.cols, out.cols,
                out.data + static_cast<int64_t>(i) * out.cols);
  return out;
}

void PromptScores::score(EngineOps& ops, const Network& network, const EngineOps::Tensor& hidden,
                         std::vector<TokenNews>* news) const {
  for (int64_t begin = 0; begin < std::ssize(asked_); begin += kRowsAtOnce) {
    const int64_t count = std::min(kRowsAtOnce, std::ssize(asked_) - begin);
    const auto chunk =
        std::span(asked_).subspan(static_cast<size_t>(begin), static_cast<size_t>(count));
    std::vector<int32_t> tokens;
    std::vector<int64_t> likeliest, rows;
    for (const Asked& one : chunk) {
      tokens.push_back(one.token);
      likeliest.push_back(one.likeliest);
      rows.push_back(one.row);
    }
    const EngineOps::Tensor logits =
        ops.logits(final_hidden(ops, network, gathered(ops, hidden, rows)));
    std::vector<DrawnToken> ranked =
        rank_tokens(ops.team(), logits.data, logits.cols, tokens, likeliest);
    for (size_t i = 0; i < chunk.size(); ++i)
      news->push_back({chunk[i].group, std::nullopt, tokens[i], ranked[i].logprob,
                       std::move(ranked[i].likeliest)});
  }
}

}  // namespace nelumbo
