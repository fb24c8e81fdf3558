// SPDX-License-Identifier: Apache-2.0
//
//   rho = cov(r_a, r_b) / sqrt(var(r_a) var(r_b))    r the ranks, ties at their mean (Spearman,
//   1904)
#include "reward/judge_drift.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/format.h"
#include "base/hash.h"

namespace nelumbo {

namespace {

constexpr size_t kWindow = 400;
constexpr int64_t kFewest = 20;
constexpr double kWarnGap = 0.1, kPauseGap = 0.2, kLeastSpearman = 0.6;

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t first = 0; first < order.size();) {
    size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]])
      ++end;
    for (size_t i = first; i < end; ++i)
      ranks[order[i]] = (static_cast<double>(first) + static_cast<double>(end) - 1) / 2;
    first = end;
  }
  return ranks;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> x = ranks_of(a), y = ranks_of(b);
  const double middle = (static_cast<double>(a.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  if (xx == 0 || yy == 0)
    return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

bool is_held_out(std::string_view key, int64_t seed, double share) {
  const std::string text = std::to_string(seed) + "|" + std::string(key);
  const double place = std::ldexp(static_cast<double>(xxh3_64(bytes_of(text)) >> 11), -53);
  return place < share;
}

void JudgeDrift::add(double trained, double held_out) {
  trained_.push_back(trained);
  held_out_.push_back(held_out);
  if (trained_.size() <= kWindow)
    return;
  trained_.pop_front();
  held_out_.pop_front();
}

JudgeDrift::State JudgeDrift::state() const {
  State state;
  state.samples = std::ssize(trained_);
  if (trained_.empty())
    return state;
  const std::vector<double> a(trained_.begin(), trained_.end());
  const std::vector<double> b(held_out_.begin(), held_out_.end());
  state.gap = mean_of(a) - mean_of(b);
  state.spearman = spearman(a, b);
  if (state.samples < kFewest)
    return state;
  const bool unlike = state.spearman && *state.spearman < kLeastSpearman;
  if (std::abs(state.gap) > kPauseGap)
    state.alarm = State::Alarm::kPause;
  else if (std::abs(state.gap) > kWarnGap || unlike)
    state.alarm = State::Alarm::kWarn;
  if (state.alarm != State::Alarm::kNone)
    state.why = formatted(
        "the judges that train give %.2f more than the hold-out judge on %ld samples, rank "
        "correlation %s",
        state.gap, static_cast<long>(state.samples),
        state.spearman ? formatted("%.2f", *state.spearman).c_str() : "unknown");
  return state;
}

std::map<std::string, double> JudgeDrift::State::named() const {
  std::map<std::string, double> out = {{"samples", static_cast<double>(samples)}, {"gap", gap}};
  if (spearman)
    out["spearman"] = *spearman;
  return out;
}

}  // namespace nelumbo
