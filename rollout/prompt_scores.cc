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

EngineOps::Tensor gathered(EngineOps& ops, EngineOps::Tensor hidden,
                           std::span<const int64_t> rows) {
  const EngineOps::Tensor out = ops.make(std::ssize(rows), hidden.cols);
  for (size_t i = 0; i < rows.size(); ++i)
    std::copy_n(hidden.data + rows[i] * out.cols, out.cols,
                out.data + static_cast<int64_t>(i) * out.cols);
  return out;
}

void PromptScores::keep(EngineOps::Tensor hidden) {
  rows_.clear();
  for (const Asked& one : asked_) {
    const float* row = hidden.data + one.row * hidden.cols;
    rows_.insert(rows_.end(), row, row + hidden.cols);
  }
}

void PromptScores::score(EngineOps& ops, const Network& network,
                         std::vector<TokenNews>* news) const {
  const int64_t width = network.config.decoder.hidden_size;
  for (int64_t begin = 0; begin < std::ssize(asked_); begin += kRowsAtOnce) {
    const int64_t count = std::min(kRowsAtOnce, std::ssize(asked_) - begin);
    const auto chunk =
        std::span(asked_).subspan(static_cast<size_t>(begin), static_cast<size_t>(count));
    std::vector<int32_t> tokens;
    std::vector<int64_t> likeliest;
    for (const Asked& one : chunk) {
      tokens.push_back(one.token);
      likeliest.push_back(one.likeliest);
    }
    ops.reset();
    const EngineOps::Tensor hidden = ops.make(count, width);
    std::copy_n(rows_.data() + begin * width, count * width, hidden.data);
    const EngineOps::Tensor logits = ops.logits(final_hidden(ops, network, hidden));
    std::vector<DrawnToken> ranked =
        rank_tokens(ops.team(), logits.data, logits.cols, tokens, likeliest);
    for (size_t i = 0; i < chunk.size(); ++i)
      news->push_back({chunk[i].group, std::nullopt, tokens[i], ranked[i].logprob,
                       std::move(ranked[i].likeliest)});
  }
}

}  // namespace nelumbo
