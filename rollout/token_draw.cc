// SPDX-License-Identifier: Apache-2.0
#include "rollout/token_draw.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kernels/kernels.h"

namespace nelumbo {
namespace {

bool is_restricted(const DrawAsk& ask) {
  return ask.wishes != nullptr && !ask.wishes->restriction.none();
}

bool draw_together(const DrawAsk& a, const DrawAsk& b) {
  return !is_restricted(a) && !is_restricted(b) &&
         a.sampling->temperature == b.sampling->temperature;
}

/// Rows of one temperature that may draw any token.
void draw_freely(Team& team, const float* logits, int64_t v, std::span<const DrawAsk> asks,
                 std::span<DrawnToken> drawn) {
  const auto count = asks.size();
  std::vector<double> u;
  for (const DrawAsk& ask : asks)
    u.push_back(ask.u);
  const Sampling& sampling = *asks.front().sampling;
  std::vector<int32_t> tokens(count);
  std::vector<float> logprobs(count);
  std::vector<float> entropies(count);
  log_softmax_sample(team, logits, sampling.temperature == 0 ? nullptr : u.data(),
                     static_cast<int64_t>(count), v, sampling.inverse_temperature(), tokens.data(),
                     logprobs.data(), entropies.data());
  for (size_t i = 0; i < count; ++i)
    drawn[i] = {tokens[i], logprobs[i], entropies[i], {}};
}

void draw_restrictedly(Team& team, const float* logits, int64_t v, std::span<const DrawAsk> asks,
                       std::span<DrawnToken> drawn) {
  team.run(std::ssize(asks), [&](int64_t i) {
    const DrawAsk& ask = asks[static_cast<size_t>(i)];
    if (!is_restricted(ask))
      return;
    const Sampling& sampling = *ask.sampling;
    drawn[static_cast<size_t>(i)].token =
        draw_restricted({logits + i * v, static_cast<size_t>(v)}, ask.wishes->restriction,
                        sampling.temperature == 0 ? std::nullopt : std::optional<double>(ask.u),
                        1 / (sampling.temperature == 0 ? 1 : sampling.temperature));
  });
}

/// The likeliest `count` tokens of a row, and the first of them though none is wished.
std::vector<RankedToken> likeliest_of(const float* logits, int64_t v, int64_t count) {
  const auto most = static_cast<size_t>(std::min(std::max<int64_t>(count, 1), v));
  std::vector<RankedToken> ranked;
  const auto likelier = [&](float logit, const RankedToken& other) {
    return logit > logits[other.token];
  };
  for (int64_t i = 0; i < v; ++i) {
    if (ranked.size() == most && !(logits[i] > logits[ranked.back().token]))
      continue;
    ranked.insert(std::upper_bound(ranked.begin(), ranked.end(), logits[i], likelier),
                  {static_cast<int32_t>(i), 0});
    ranked.resize(std::min(ranked.size(), most));
  }
  return ranked;
}

}  // namespace

std::vector<DrawnToken> rank_tokens(Team& team, const float* logits_MV, int64_t v,
                                    std::span<const int32_t> tokens_M,
                                    std::span<const int64_t> count_M) {
  std::vector<DrawnToken> out(tokens_M.size());
  team.run(std::ssize(out), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    out[at].likeliest = likeliest_of(logits_MV + i * v, v, count_M[at]);
  });
  std::vector<int32_t> firsts;
  firsts.reserve(out.size());
  for (const DrawnToken& one : out)
    firsts.push_back(one.likeliest.front().token);
  std::vector<float> logprobs(out.size());
  log_softmax_gather(team, logits_MV, firsts.data(), std::ssize(out), v, 1.0F, logprobs.data(),
                     nullptr, nullptr);
  // A log-prob is (z - the largest z) - log(sum), and that of the likeliest is -log(sum).
  for (size_t i = 0; i < out.size(); ++i) {
    const float* logits = logits_MV + static_cast<int64_t>(i) * v;
    const float top = logits[firsts[i]];
    out[i].token = tokens_M[i];
    out[i].logprob = (logits[tokens_M[i]] - top) + logprobs[i];
    for (RankedToken& ranked : out[i].likeliest)
      ranked.logprob = (logits[ranked.token] - top) + logprobs[i];
    out[i].likeliest.resize(static_cast<size_t>(std::min(count_M[i], v)));
  }
  return out;
}

namespace {

void add_ranks(Team& team, const float* logits, int64_t v, std::span<const DrawAsk> asks,
               std::span<DrawnToken> drawn) {
  std::vector<int32_t> tokens;
  std::vector<int64_t> counts;
  for (size_t i = 0; i < asks.size(); ++i) {
    tokens.push_back(drawn[i].token);
    counts.push_back(asks[i].wishes == nullptr ? 0 : asks[i].wishes->likeliest);
  }
  std::vector<DrawnToken> ranked = rank_tokens(team, logits, v, tokens, counts);
  for (size_t i = 0; i < asks.size(); ++i)
    if (asks[i].wishes != nullptr) {
      drawn[i].logprob = ranked[i].logprob;
      drawn[i].likeliest = std::move(ranked[i].likeliest);
    }
}

}  // namespace

std::vector<DrawnToken> draw_tokens(Team& team, const float* logits_MV, int64_t v,
                                    std::span<const DrawAsk> asks_M) {
  std::vector<DrawnToken> drawn(asks_M.size());
  for (size_t begin = 0, end = 0; begin < asks_M.size(); begin = end) {
    while (++end < asks_M.size() && draw_together(asks_M[begin], asks_M[end])) {
    }
    if (!is_restricted(asks_M[begin]))
      draw_freely(team, logits_MV + static_cast<int64_t>(begin) * v, v,
                  asks_M.subspan(begin, end - begin), std::span(drawn).subspan(begin, end - begin));
  }
  if (std::ranges::any_of(asks_M, is_restricted))
    draw_restrictedly(team, logits_MV, v, asks_M, drawn);
  if (std::ranges::any_of(asks_M, [](const DrawAsk& ask) { return ask.wishes != nullptr; }))
    add_ranks(team, logits_MV, v, asks_M, drawn);
  return drawn;
}

}  // namespace nelumbo
